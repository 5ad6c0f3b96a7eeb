"""Is every instance there, and has it room? `up` and the length of a scrape are Prometheus' own. Pure."""

from reliability.slo.alert import Alert, Severity
from reliability.slo.windows import DAY, MINUTE, Scale

SCRAPE_SECONDS = 5
MEMORY_SHARE = 0.9
CERTIFICATE_DAYS = 14


def alerts(service: str, scale: Scale) -> list[Alert]:
    """Give the alerts of instances."""
    of_service = [_region_down(service), _instance_down(service), _scrape_slow(service)]
    return [_watchdog(), *of_service, *_room(), _certificate()]


def _watchdog() -> Alert:
    return Alert(
        name="Watchdog",
        expression="vector(1)",
        severity=Severity.NONE,
        summary="Alerts arrive",
        description="Always fires: whoever receives it raises the alarm when it stays away.",
    )


def _region_down(service: str) -> Alert:
    return Alert(
        name="RegionDown",
        expression=f'max by (region) (up{{job="{service}"}}) == 0',
        severity=Severity.PAGE,
        summary="No instance answers in {{ $labels.region }}",
        description="Every instance of the region failed to answer Prometheus for a minute.",
        lasting_seconds=MINUTE,
    )


def _instance_down(service: str) -> Alert:
    return Alert(
        name="InstanceDown",
        expression=f'up{{job="{service}"}} == 0',
        severity=Severity.TICKET,
        summary="{{ $labels.instance }} does not answer",
        description="One instance failed to answer Prometheus for a minute; the others serve.",
        lasting_seconds=MINUTE,
    )


def _scrape_slow(service: str) -> Alert:
    return Alert(
        name="ScrapeSlow",
        expression=f'scrape_duration_seconds{{job="{service}"}} > {SCRAPE_SECONDS}',
        severity=Severity.TICKET,
        summary="Reading the metrics of {{ $labels.instance }} takes {{ $value | humanizeDuration }}",
        description="Files of metrics pile up, or series do; soon the scrape times out and alerts go blind.",
        lasting_seconds=10 * MINUTE,
    )


def _room() -> list[Alert]:
    state = Alert(
        name="StateDirectoryFilling",
        expression='max by (region, instance) (health_probe_status{probe="state"}) > 0',
        severity=Severity.TICKET,
        summary="The state directory of {{ $labels.instance }} is more than half full",
        description="Workers keep metrics and heartbeats in it; when it is full, the next one to write is killed.",
        lasting_seconds=5 * MINUTE,
    )
    memory = Alert(
        name="MemoryNearLimit",
        expression=f'max by (region, instance) (process_memory_limit_ratio{{agg="sum"}}) > {MEMORY_SHARE}',
        severity=Severity.TICKET,
        summary="{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory",
        description="At the limit the kernel kills a worker in the middle of its requests.",
        lasting_seconds=10 * MINUTE,
    )
    return [state, memory]


def _certificate() -> Alert:
    return Alert(
        name="CertificateExpiring",
        expression=f"min by (instance) (probe_ssl_earliest_cert_expiry) - time() < {CERTIFICATE_DAYS * DAY}",
        severity=Severity.TICKET,
        summary="The certificate of {{ $labels.instance }} expires in {{ $value | humanizeDuration }}",
        description="After that no browser and no program accepts the site.",
        lasting_seconds=10 * MINUTE,
    )
