"""What does the health of an instance look like to Prometheus, and how does the ops process show it beside the rest?"""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from reliability.health.verdicts import Picture
from reliability.telemetry.metrics import render
from reliability.telemetry.process import shared_folder

VALUES = {"pass": 0, "warn": 1, "fail": 2}


class HealthCollector:
    """Shows each probe as `health_probe_status`, read when it is asked for."""

    def __init__(self, picture: Callable[[], Picture]) -> None:
        self._picture = picture

    def collect(self) -> Iterator[Metric]:
        told = "How a probe stands: 0 pass, 1 warn, 2 fail."
        status = GaugeMetricFamily("health_probe_status", told, labels=["probe", "scope"])
        for each in self._picture().standings:
            status.add_metric([each.name, each.scope], VALUES[each.status])
        yield status


def show(picture: Callable[[], Picture]) -> None:
    """Put the probes into the registry of this process."""
    REGISTRY.register(HealthCollector(picture))


def exposition() -> bytes:
    """Give the numbers of all processes of the instance, and those that only this one knows.

    What the others count, this one may have as well, from using the same code: then theirs is what is meant.
    """
    if shared_folder() is None:
        return generate_latest(REGISTRY)
    shared: bytes = render().content
    names = {line.split()[2] for line in shared.decode().splitlines() if line.startswith("# TYPE ")}
    return shared + generate_latest(_Without(names))


class _Without:
    """The registry of this process without what others tell."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)

    def collect(self) -> Iterator[Metric]:
        for metric in REGISTRY.collect():
            if not {metric.name, f"{metric.name}_total"} & self._names:
                yield metric
