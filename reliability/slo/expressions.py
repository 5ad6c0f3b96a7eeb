"""How is an indicator written in PromQL? Pure. Everything is added up by region: it is there that people act."""

from reliability.slo.objectives import Indicator, Observed, Probed
from reliability.slo.selectors import Matcher, write


def events(indicator: Indicator, window: str) -> str:
    """Count the events of a window."""
    if isinstance(indicator, Probed):
        return f"sum by (region) (count_over_time({_gauge(indicator)}[{window}]))"
    return _increase(indicator, "_count", (), window)


def bad_events(indicator: Indicator, window: str, *, counted: str) -> str:
    """Count those of them that were bad; `counted` is the recorded number of all.

    0 where there are events, but no series of bad ones: "none yet" is not "no data".
    """
    total = f"sum by (region) ({counted})"
    if isinstance(indicator, Probed):
        return f"{total} - sum by (region) (sum_over_time({_gauge(indicator)}[{window}]))"
    if indicator.bad:
        return f"{_increase(indicator, '_count', indicator.bad, window)} or 0 * {total}"
    return f"clamp_min({total} - {_increase(indicator, '_bucket', (indicator.bucket,), window)}, 0)"


def series(indicator: Indicator) -> str:
    """Select what must exist as long as the service reports at all."""
    suffix = "_count" if isinstance(indicator, Observed) else ""
    return f"{indicator.metric}{suffix}{write(indicator.matchers)}"


def _gauge(indicator: Probed) -> str:
    return f"{indicator.metric}{write(indicator.matchers)}"


def _increase(indicator: Observed, suffix: str, more: tuple[Matcher, ...], window: str) -> str:
    return f"sum by (region) (increase({indicator.metric}{suffix}{write((*indicator.matchers, *more))}[{window}]))"
