"""A file of objectives is read as a whole, and each mistake in it is named with its field and its fix."""

from typing import Any

import pytest

from reliability.slo.objectives import Observed, Probed, WrongObjectives
from reliability.slo.parsing import parse
from reliability.slo.selectors import Matcher
from tests.unit.slo.samples import REQUESTS, VOCABULARY, catalogue, content

PUBLIC = Matcher("slo_class", "=", "public")


def mistake(**changes: Any) -> str:
    """Read an objective with a change; give the message of the one mistake."""
    with pytest.raises(WrongObjectives) as raised:
        parse(content(**changes), VOCABULARY)
    assert len(raised.value.problems) == 1, raised.value.problems
    return raised.value.problems[0]


def test_availability_counts_bad_answers_of_a_class() -> None:
    [objective] = parse(content(), VOCABULARY).objectives

    assert objective.indicator == Observed(
        REQUESTS, (PUBLIC,), bad=(Matcher("http_response_status_code", "=~", "5.."),)
    )
    assert objective.budget == 0.001
    assert objective.alert_prefix == "SloPublicAvailability"
    assert objective.min_bad_events == 10


def test_latency_counts_slow_answers_and_leaves_failures_out() -> None:
    sli = {"class": "public", "good_le": 0.25, "exclude": 'http_response_status_code=~"5.."'}

    [objective] = parse(content(sli=sli), VOCABULARY).objectives

    expected = Matcher("http_response_status_code", "!~", "5..")
    assert objective.indicator == Observed(REQUESTS, (PUBLIC, expected), good_le=0.25)


def test_a_bound_is_written_as_client_libraries_do() -> None:
    [objective] = parse(content(sli={"histogram": "cms_publish_visible_seconds", "good_le": 5}), VOCABULARY).objectives

    assert isinstance(objective.indicator, Observed)
    assert str(objective.indicator.bucket) == 'le="5.0"'


def test_a_probe_looks_from_outside() -> None:
    [objective] = parse(content(sli={"probe": 'probe_success{job="blackbox"}'}), VOCABULARY).objectives

    assert objective.indicator == Probed("probe_success", (Matcher("job", "=", "blackbox"),))


def test_the_objectives_of_the_product_are_right() -> None:
    names = [each.name for each in catalogue().objectives]

    assert names == ["public-availability", "public-latency", "manage-availability", "publish-visible", "uptime"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"objective": 100}, "objective: 100 is out of range; give a percentage above 93.1"),
        ({"objective": 90}, "objective: 90 is out of range"),
        ({"objective": "high"}, "objective: 'high' is out of range"),
        ({"objective": True}, "objective: True is out of range"),
        ({"owner": None}, "owner: it is missing or no text; write it"),
        ({"title": ""}, "title: it is missing or no text"),
        ({"name": "Public"}, "name: 'Public' is no name; use small letters"),
        ({"goal": 99}, "'goal' is unknown; the fields are: min_bad_events_1h, name"),
        ({"min_bad_events_1h": 0}, "min_bad_events_1h: 0 is no count; give a whole number of at least 1"),
        ({"sli": {"class": "private", "bad": 'slo_class="x"'}}, "sli.class: 'private' is unknown; use one of: public"),
        ({"sli": {"class": "public"}}, "sli: it needs a rule for bad events; give either bad or good_le"),
        ({"sli": {"class": "public", "good_le": 0.3}}, "good_le: 0.3 is no bucket bound of http_server_request"),
        ({"sli": {"class": "public", "good_le": 0.3}}, "use one of: 0.1, 0.25, 0.5, 1"),
        ({"sli": {"class": "public", "good_le": 0.25, "exclude": 'a="1"'}}, "'a' is no label of http_server_request"),
        (
            {"sli": {"class": "public", "good_le": 0.25, "exclude": 'slo_class="a",http_route="b"'}},
            "exclude: it has several matchers; give one",
        ),
        ({"sli": {"class": "public", "bad": "5.."}}, "bad: '5..' cannot be read at '5..'; write label="),
        ({"sli": {"class": "public", "bad": 'http_route=~"("'}}, "bad: '(' is no pattern"),
        ({"sli": {"class": "public", "bad": ""}}, "bad: it is empty"),
        (
            {"sli": {"histogram": "cms_nothing_seconds", "good_le": 5}},
            "'cms_nothing_seconds' does not exist; use one of",
        ),
        ({"sli": {"histogram": "cms_publish_visible_seconds"}}, "good_le: None is no bucket bound"),
        ({"sli": {"probe": "probe_success"}}, "sli.probe: 'probe_success' names no series; write it as"),
        ({"sli": {}}, "sli: it has 0 of class, histogram, probe; give exactly one of them"),
        ({"sli": {"class": "public", "bad": 'http_route="/"', "le": 5}}, "sli: 'le' is unknown"),
    ],
)
def test_a_mistake_names_the_field_and_the_fix(changes: dict[str, Any], expected: str) -> None:
    assert expected in mistake(**changes)


def test_a_mistake_names_the_objective() -> None:
    assert mistake(objective=100).startswith("slos[0] public-availability: objective")


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(WrongObjectives) as raised:
        parse({**content(owner=None, objective=1), "service": 5, "extra": 1}, VOCABULARY)

    assert len(raised.value.problems) == 4


def test_two_objectives_of_one_name_are_refused() -> None:
    twice = content()
    twice["slos"] *= 2

    with pytest.raises(WrongObjectives, match="public-availability: the name is given twice"):
        parse(twice, VOCABULARY)


@pytest.mark.parametrize("whole", [None, [], "text", {}, {"slos": 5}])
def test_something_else_is_no_file_of_objectives(whole: Any) -> None:
    with pytest.raises(WrongObjectives):
        parse(whole, VOCABULARY)
