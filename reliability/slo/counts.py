"""How many events did a process count, and how many of them were bad? Pure: samples of metrics in, numbers out.

The same answer as PromQL gives, for a site without a Prometheus.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from reliability.slo.objectives import Objective, Observed


class Sample(Protocol):
    """A value of the metrics library."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def value(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Count:
    """Events since the processes began, and the bad ones among them."""

    total: int = 0
    bad: int = 0

    def since(self, earlier: "Count") -> "Count":
        """Give what came since; counters that fell began anew with their processes."""
        if self.total < earlier.total or self.bad < earlier.bad:
            return self
        return Count(self.total - earlier.total, self.bad - earlier.bad)

    def plus(self, other: "Count") -> "Count":
        """Add another count."""
        return Count(self.total + other.total, self.bad + other.bad)


def count(objectives: Iterable[Objective], samples: Iterable[Sample]) -> dict[str, Count]:
    """Count for each objective; those that are measured from outside have no count here."""
    seen = list(samples)
    return {each.name: _count(each.indicator, seen) for each in objectives if isinstance(each.indicator, Observed)}


def _count(indicator: Observed, samples: Iterable[Sample]) -> Count:
    total = bad = good = 0.0
    for sample in samples:
        if not sample.name.startswith(indicator.metric) or not all(m.fits(sample.labels) for m in indicator.matchers):
            continue
        if sample.name == f"{indicator.metric}_count":
            total += sample.value
            bad += sample.value if indicator.bad and all(m.fits(sample.labels) for m in indicator.bad) else 0
        elif sample.name == f"{indicator.metric}_bucket" and indicator.good_le is not None:
            good += sample.value if indicator.bucket.fits(sample.labels) else 0
    # Read while requests are counted: a bucket may be one ahead of its sum.
    return Count(round(total), round(bad if indicator.bad else max(0.0, total - good)))
