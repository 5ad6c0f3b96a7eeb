"""How is an indicator written in PromQL? Pure. Everything is added up by region: it is there that people act."""

from reliability.slo.objectives import Indicator, Observed, Probed
from reliability.slo.selectors import Matcher, write


def events(indicator: Indicator, window: str) -> str:
    """Count the events of a window."""
    if isinstance(indicator, Probed):
        return f"sum by (region) (count_over_time({indicator.metric}{write(indicator.matchers)}[{window}]))"
    return _increase(indicator, "_count", (), window)


def bad_events(indicator: Indicator, window: str) -> str:
    """Count those of them that were bad. Has no series where none ever was, unless it is a difference."""
    if isinstance(indicator, Probed):
        good = f"sum by (region) (sum_over_time({indicator.metric}{write(indicator.matchers)}[{window}]))"
        return f"{events(indicator, window)} - {good}"
    if indicator.bad:
        return _increase(indicator, "_count", indicator.bad, window)
    good = _increase(indicator, "_bucket", (indicator.bucket,), window)
    return f"clamp_min({events(indicator, window)} - {good}, 0)"


def bad_ratio(indicator: Indicator, window: str) -> str:
    """Give the share of bad events: 0 without errors, and nothing at all without events."""
    total = events(indicator, window)
    return f"{some_bad_events(indicator, window)} / ({total} > 0)"


def some_bad_events(indicator: Indicator, window: str) -> str:
    """Count bad events; 0 where there are events but no series of bad ones: "none yet" is not "no data"."""
    return f"(({bad_events(indicator, window)}) or 0 * {events(indicator, window)})"


def series(indicator: Indicator) -> str:
    """Select what must exist as long as the service reports at all."""
    suffix = "_count" if isinstance(indicator, Observed) else ""
    return f"{indicator.metric}{suffix}{write(indicator.matchers)}"


def _increase(indicator: Observed, suffix: str, more: tuple[Matcher, ...], window: str) -> str:
    return f"sum by (region) (increase({indicator.metric}{suffix}{write((*indicator.matchers, *more))}[{window}]))"
