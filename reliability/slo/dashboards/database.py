"""What do the databases do, and who makes them? Pure."""

from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row
from reliability.slo.dashboards.promql import highest, quantile, rate, top, total

SECONDS = "django_db_query_duration_seconds"


def dashboard(service: str) -> Dashboard:
    """Give the page of databases."""
    return Dashboard(
        uid=f"{service}-database",
        title="Database",
        description="Queries by node, the endpoints that cause them, and the connections they wait for.",
        rows=(_queries(), _requests(), _connections()),
    )


def _queries() -> Row:
    share = f"{rate('django_db_errors_total', by='alias')} or 0 * {rate('django_db_execute_total', by='alias')}"
    return Row(
        "Queries",
        (
            Panel(
                "Queries",
                "A second, by node.",
                "ops",
                (Query(rate("django_db_execute_total", by="alias"), "{{alias}}"),),
            ),
            Panel("Time of a query", "p95, by node.", "s", (Query(quantile(0.95, SECONDS, by="alias"), "{{alias}}"),)),
            Panel("Errors", "Queries that failed, a second, by node.", "ops", (Query(share, "{{alias}}"),)),
        ),
    )


def _requests() -> Row:
    many, long = "http_request_db_queries", "http_request_db_seconds"
    queries, seconds = top(quantile(0.95, many, by="http_route")), top(quantile(0.95, long, by="http_route"))
    time = top(rate(f"{long}_sum", by="http_route"))
    return Row(
        "Requests that cause them",
        (
            Panel(
                "Most queries",
                "p95 of queries in one request: a loop that queries stands on top.",
                "short",
                (Query(queries, "{{http_route}}"),),
            ),
            Panel(
                "Longest in the database",
                "p95 of the time that one request spends there.",
                "s",
                (Query(seconds, "{{http_route}}"),),
            ),
            Panel(
                "Most time in all",
                "Seconds of database a second: what to make faster first.",
                "short",
                (Query(time, "{{http_route}}"),),
            ),
        ),
    )


def _connections() -> Row:
    return Row(
        "Connections",
        (
            Panel(
                "Connections",
                "Open ones, by pool and state.",
                "short",
                (Query(total("db_client_connection_count", by="pool, state"), "{{pool}} {{state}}"),),
                width=12,
            ),
            Panel(
                "Waiting for one",
                "Requests that wait for a connection.",
                "short",
                (Query(highest("db_client_connection_pending_requests", by="pool"), "{{pool}}"),),
                width=12,
            ),
        ),
    )
