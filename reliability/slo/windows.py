"""Over which windows is burn measured? Pure. `compress` divides all of them, to watch in a minute what takes hours."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from reliability.slo.objectives import BUDGET_DAYS, PAGE_FACTOR

MINUTE, HOUR, DAY = 60, 3600, 86_400


class Pair(NamedTuple):
    """Burning `factor` times too fast over both windows: the long one proves it, the short one ends it soon after."""

    factor: float
    long: int
    short: int


PAGE: Final = (Pair(PAGE_FACTOR, HOUR, 5 * MINUTE), Pair(6.0, 6 * HOUR, 30 * MINUTE))
TICKET: Final = (Pair(3.0, DAY, 2 * HOUR), Pair(1.0, 3 * DAY, 6 * HOUR))
STEP: Final = 5 * MINUTE
"""Of the sums that long windows and budgets are added up from; also how often they are recorded."""
FAST: Final = (5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR)
"""Windows that are read from the series themselves: the pages need them fresh."""
SLOW: Final = (DAY, 3 * DAY)
"""Windows that are added up from the sums, which is a thousand times cheaper."""
BUDGET: Final = BUDGET_DAYS * DAY


@dataclass(frozen=True, slots=True)
class Scale:
    """How times are written into rules."""

    compress: int = 1

    def __call__(self, seconds: int) -> str:
        """Write a duration for Prometheus, such as 5m; at least a millisecond."""
        milliseconds = max(1, seconds * 1000 // self.compress)
        for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1)):
            if milliseconds % (size * 1000) == 0:
                return f"{milliseconds // (size * 1000)}{unit}"
        return f"{milliseconds}ms"


def label(seconds: int) -> str:
    """Name a window in the name of a rule, the same however much time is compressed: 5m, 1h, 3d."""
    return Scale()(seconds)
