"""Events are counted here as Prometheus would count them."""

from dataclasses import dataclass, field

import pytest

from reliability.slo.counts import Count, count
from reliability.slo.parsing import parse
from tests.unit.slo.samples import REQUESTS, VOCABULARY, content


@dataclass
class Sample:
    name: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def answers(status: int, value: float, *, slo_class: str = "public", le: str = "") -> Sample:
    labels = {"slo_class": slo_class, "http_response_status_code": str(status)}
    return Sample(f"{REQUESTS}_bucket" if le else f"{REQUESTS}_count", value, {**labels, **({"le": le} if le else {})})


def counted(samples: list[Sample], **changes: object) -> Count | None:
    return count(parse(content(**changes), VOCABULARY).objectives, samples).get("public-availability")


def test_failures_of_a_class_are_bad() -> None:
    samples = [answers(200, 90), answers(404, 5), answers(503, 5), answers(500, 7, slo_class="manage")]

    assert counted(samples) == Count(100, 5)


def test_slow_answers_are_bad_and_failures_do_not_count() -> None:
    samples = [answers(200, 90), answers(200, 80, le="0.25"), answers(200, 85, le="0.5"), answers(500, 10)]
    sli = {"class": "public", "good_le": 0.25, "exclude": 'http_response_status_code=~"5.."'}

    assert counted(samples, sli=sli) == Count(90, 10)


def test_observations_above_a_bound_are_bad() -> None:
    name = "cms_publish_visible_seconds"
    samples = [Sample(f"{name}_count", 10), Sample(f"{name}_bucket", 9, {"le": "5.0"}), Sample(f"{name}_sum", 99)]

    assert counted(samples, sli={"histogram": name, "good_le": 5}) == Count(10, 1)


def test_a_bucket_that_is_ahead_of_its_sum_makes_nothing_bad() -> None:
    samples = [answers(200, 10), answers(200, 11, le="0.25")]

    assert counted(samples, sli={"class": "public", "good_le": 0.25}) == Count(10, 0)


def test_what_is_measured_from_outside_is_not_counted_here() -> None:
    assert counted([Sample("probe_success", 1)], sli={"probe": 'probe_success{job="x"}'}) is None


@pytest.mark.parametrize(
    ("earlier", "now", "new"),
    [
        (Count(10, 1), Count(15, 2), Count(5, 1)),
        (Count(10, 1), Count(10, 1), Count(0, 0)),
        (Count(10, 1), Count(4, 0), Count(4, 0)),  # the processes began anew
    ],
)
def test_what_is_new_is_the_difference(earlier: Count, now: Count, new: Count) -> None:
    assert now.since(earlier) == new
