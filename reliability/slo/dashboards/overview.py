"""Is the service well? What readers and editors get, and what the instances need for it. Pure."""

from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row
from reliability.slo.dashboards.promql import HERE, highest, quantile, quantiles, rate, top, total

DURATION = "http_server_request_duration_seconds"
COUNT = f"{DURATION}_count"
FAILED = 'http_response_status_code=~"5.."'
PUBLIC = 'slo_class="public"'
MANAGE = 'slo_class="manage"'


def dashboard(service: str) -> Dashboard:
    """Give the first page to look at."""
    return Dashboard(
        uid=f"{service}-overview",
        title="Service overview",
        description="Requests, errors, latency and the instances that answer.",
        rows=(_requests(), _endpoints(), _instances(service)),
    )


def _requests() -> Row:
    by_class = {"by": "slo_class"}
    errors = f"{rate(COUNT, FAILED, **by_class)} / ({rate(COUNT, **by_class)} > 0)"
    return Row(
        "Requests",
        (
            Panel(
                "Requests", "Answers a second, by class.", "reqps", (Query(rate(COUNT, **by_class), "{{slo_class}}"),)
            ),
            Panel("Errors", "Share of answers with status 5xx.", "percentunit", (Query(errors, "{{slo_class}}"),)),
            Panel(
                "Requests in progress",
                "How many are being answered now; as many as there are slots means that all are taken.",
                "short",
                (Query(total("http_server_active_requests", by="http_request_method"), "{{http_request_method}}"),),
            ),
            Panel("Time to answer readers", "From arrival to answer.", "s", quantiles(DURATION, PUBLIC), width=12),
            Panel("Time to answer editors", "From arrival to answer.", "s", quantiles(DURATION, MANAGE), width=12),
        ),
    )


def _endpoints() -> Row:
    by_route = {"by": "http_route"}
    slow, failing = top(quantile(0.95, DURATION, **by_route)), top(rate(COUNT, FAILED, **by_route))
    return Row(
        "Endpoints",
        (
            Panel(
                "Slowest endpoints", "The ten with the longest p95.", "s", (Query(slow, "{{http_route}}"),), width=12
            ),
            Panel(
                "Failing endpoints",
                "Answers with 5xx a second.",
                "reqps",
                (Query(failing, "{{http_route}}"),),
                width=12,
            ),
        ),
    )


def _instances(service: str) -> Row:
    up = f'sum by (region) (up{{job="{service}",{HERE}}})'
    memory = highest("process_resident_memory_bytes", 'agg="max"', by="role")
    return Row(
        "Instances",
        (
            Panel("Instances", "How many answer Prometheus.", "short", (Query(up, "{{region}}"),), kind="stat"),
            Panel(
                "CPU",
                "Seconds of CPU a second, by role.",
                "short",
                (Query(rate("process_cpu_seconds_total", by="role"), "{{role}}"),),
            ),
            Panel("Memory", "Of the largest process of each role.", "bytes", (Query(memory, "{{role}}"),)),
            Panel(
                "Health",
                "0 is well, 1 is a warning, 2 is a failure.",
                "short",
                (Query(highest("health_probe_status", by="probe"), "{{probe}}"),),
            ),
            Panel(
                "Open files",
                "Of the process with the most.",
                "short",
                (Query(highest("process_open_fds", 'agg="max"', by="role"), "{{role}}"),),
            ),
            Panel(
                "Request slots",
                "In use; when all are, further requests are told to come back.",
                "short",
                (Query(total("limits_slots_in_use", by="instance"), "{{instance}}"),),
            ),
            Panel(
                "Rate limits",
                "Requests that were counted, and those that were refused.",
                "reqps",
                (Query(rate("limits_rate_total", by="policy, outcome"), "{{policy}} {{outcome}}"),),
            ),
        ),
    )
