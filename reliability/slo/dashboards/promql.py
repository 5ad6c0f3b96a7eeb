"""The few forms that questions take in PromQL. Pure. `$region` and `$__rate_interval` are filled in by Grafana."""

from reliability.slo.dashboards.builder import Query

HERE = 'region=~"$region"'
WINDOW = "$__rate_interval"


def select(metric: str, *matchers: str) -> str:
    """Select the series of the chosen regions."""
    return f"{metric}{{{','.join((*matchers, HERE))}}}"


def rate(metric: str, *matchers: str, by: str = "") -> str:
    """Add up how much a counter grows each second."""
    return f"sum by ({by}) (rate({select(metric, *matchers)}[{WINDOW}]))"


def highest(metric: str, *matchers: str, by: str) -> str:
    """Take the worst of a gauge."""
    return f"max by ({by}) ({select(metric, *matchers)})"


def total(metric: str, *matchers: str, by: str) -> str:
    """Add a gauge up."""
    return f"sum by ({by}) ({select(metric, *matchers)})"


def quantile(share: float, metric: str, *matchers: str, by: str = "") -> str:
    """Read a share of a histogram off its buckets."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share:g}, {rate(f'{metric}_bucket', *matchers, by=labels)})"


def quantiles(metric: str, *matchers: str) -> tuple[Query, ...]:
    """Show the median, and how long the unlucky ones wait."""
    return tuple(Query(quantile(share, metric, *matchers), f"p{share * 100:g}") for share in (0.5, 0.95, 0.99))


def top(expression: str, count: int = 10) -> str:
    """Keep the largest ones."""
    return f"topk({count}, {expression})"
