"""Every alert is quiet while all is well, fires when it is not, and ends when it is well again."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from reliability.slo import rules
from reliability.slo.alert import Severity
from tests.integration.slo import promtool
from tests.unit.slo.samples import catalogue

pytestmark = pytest.mark.sqlite  # No database is asked: once is enough.
HERE = 'region="eu-west"'
AT = 'job="cms",instance="10.0.0.1:9000",region="eu-west"'
PUBLIC = f'http_server_request_duration_seconds_count{{slo_class="public",{HERE}%s}}'
BUCKET = f'http_server_request_duration_seconds_bucket{{slo_class="public",{HERE},le="0.25"}}'
MANAGE = f'http_server_request_duration_seconds_count{{slo_class="manage",{HERE},http_response_status_code="%s"}}'
PUBLISH = f"cms_publish_visible_seconds_%s{{{HERE}%s}}"
OUTSIDE = f'probe_success{{job="blackbox-public",{HERE}}}'


@dataclass(frozen=True)
class Story:
    """Series that are well, then broken, then well again; and the minutes at which that is asked."""

    series: dict[str, str]
    well: int = 30
    broken: int = 60
    mended: int = 100
    every: str = "1m"


def phases(well: str, broken: str, again: str) -> str:
    """Write three phases of equal length after each other, in promtool's notation."""
    return f"{well} {broken} {again}"


def gauge(well: float, broken: float) -> str:
    """Let a gauge be well for 31 minutes, broken for 30, and well for an hour."""
    return phases(f"{well:g}x30", f"{broken:g}x29", f"{well:g}x60")


BURN = {"well": 100, "broken": 125, "mended": 175}
"""A page: an hour and forty minutes of traffic, half an hour of trouble, and what its short windows take to forget."""
SLOW = {"well": 115, "broken": 480, "mended": 900, "every": "5m"}
"""A ticket: two hours of traffic, six of a little trouble, and six until the longer of its short windows is clean."""
CALLS = {
    "SloPublicAvailabilityPage": {
        PUBLIC % ',http_response_status_code="200"': "0+600x100 60000+0x30 60000+600x120",
        PUBLIC % ',http_response_status_code="503"': "0x100 0+600x30 18000x120",
    },
    "SloPublicLatencyPage": {PUBLIC % "": "0+600x250", BUCKET: "0+600x100 60000+0x30 60000+600x120"},
    "SloManageAvailabilityPage": {MANAGE % 200: "0+60x250", MANAGE % 500: "0x100 0+60x30 1800x120"},
    "SloPublishVisiblePage": {
        PUBLISH % ("count", ""): "0+2x250",
        PUBLISH % ("bucket", ',le="5.0"'): "0+2x100 200+0x30 200+2x120",
    },
    "SloUptimePage": {OUTSIDE: "1x100 0x30 1x120"},
}
NOTES = {
    "SloPublicAvailabilityTicket": {
        PUBLIC % ',http_response_status_code="200"': "0+600x1000",
        PUBLIC % ',http_response_status_code="503"': "0x120 0+4x360 1440x520",
    },
    "SloPublicLatencyTicket": {PUBLIC % "": "0+600x1000", BUCKET: "0+600x120 72000+560x360 273600+600x520"},
    "SloManageAvailabilityTicket": {MANAGE % 200: "0+600x1000", MANAGE % 500: "0x120 0+12x360 4320x520"},
    "SloPublishVisibleTicket": {
        PUBLISH % ("count", ""): "0+20x1000",
        PUBLISH % ("bucket", ',le="5.0"'): "0+20x120 2400+19x360 9240+20x520",
    },
    "SloUptimeTicket": {OUTSIDE: f"1x119 {'0 1x29 ' * 12}1x500"},
}
STANDING = {
    "RegionDown": Story({f"up{{{AT}}}": gauge(1, 0), f"up{{{AT.replace('10.0.0.1', '10.0.0.2')}}}": gauge(1, 0)}),
    "InstanceDown": Story({f"up{{{AT}}}": gauge(1, 0), f"up{{{AT.replace('10.0.0.1', '10.0.0.2')}}}": "1x120"}),
    "ScrapeSlow": Story({f"scrape_duration_seconds{{{AT}}}": gauge(0.1, 6)}),
    "StateDirectoryFilling": Story({f'health_probe_status{{probe="state",{AT}}}': gauge(0, 1)}),
    "MemoryNearLimit": Story({f'process_memory_limit_ratio{{agg="sum",{AT}}}': gauge(0.5, 0.95)}),
    "CertificateExpiring": Story(
        {'probe_ssl_earliest_cert_expiry{instance="https://example.org"}': gauge(9e6, 600_000)}
    ),
    "RoutingSplitBrain": Story({f"routing_split_brain{{{AT}}}": gauge(0, 1)}),
    "RoutingWritesClosed": Story({f'routing_mode{{mode="read_only",{AT}}}': gauge(0, 1)}),
    "RoutingNoSyncStandby": Story({f'routing_sync_standbys{{node="us-1",{AT}}}': gauge(1, 0)}),
    "RoutingNoLocalReplica": Story(
        {
            f'routing_checkouts_total{{role="replica",reason="local",{AT}}}': "0+60x30 1800x30 1800+60x60",
            f'routing_checkouts_total{{role="replica",reason="nearest",{AT}}}': "0x30 0+60x30 1800x60",
        }
    ),
    "RoutingReplicaLagging": Story(
        {
            f'routing_staleness_seconds{{node="eu-1",{AT}}}': gauge(0.2, 45),
            f'routing_node_up{{node="eu-1",{AT}}}': "1x120",
            # A node that is down is no lagging one: it has an alert of its own, or none is needed.
            f'routing_staleness_seconds{{node="ap-1",{AT}}}': "1e9x120",
            f'routing_node_up{{node="ap-1",{AT}}}': "0x120",
        }
    ),
    "RoutingLostWrites": Story(
        {f'routing_lost_writes_total{{reason="failover",route="/admin/",{AT}}}': "_x55 3x65"}, broken=65, mended=90
    ),
    "RoutingProberStalled": Story({f"routing_snapshot_age_seconds{{{AT}}}": gauge(0, 40)}),
    "OutboxStuck": Story(
        {f'outbox_lag_seconds{{consumer="cms.delivery.consumers.refresh_types",{AT}}}': gauge(0.2, 300)}
    ),
    "CeleryQueueOld": Story({f'celery_queue_oldest_age_seconds{{queue="celery",{AT}}}': gauge(1, 900)}),
    "FlagsVersionsDiffer": Story(
        {f"flags_snapshot_version{{{AT}}}": gauge(7, 8), 'flags_snapshot_version{region="us-east"}': "7x120"}
    ),
    "SloSilent": Story({PUBLIC % ',http_response_status_code="200"': "0+60x30 _x30 2000+60x60"}),
}
STORIES = {
    **{name: Story(series, **BURN) for name, series in CALLS.items()},
    **{name: Story(series, **SLOW) for name, series in NOTES.items()},
    **STANDING,
}


@pytest.mark.parametrize("name", STORIES)
def test_an_alert_is_quiet_then_fires_then_ends(name: str, tmp_path: Path) -> None:
    story = STORIES[name]
    firing = f'count(ALERTS{{alertname="{name}",alertstate="firing"}}) or vector(0)'
    times = [f"{minute}m" for minute in (story.well, story.broken, story.mended)]

    well, broken, mended = promtool.values(
        tmp_path, story.series, [(firing, time) for time in times], every=story.every, objective=objective_of(name)
    )

    assert (well, mended) == (0, 0)
    assert broken
    assert broken >= 1


def test_every_alert_has_a_story() -> None:
    names = {alert.name for alert in rules.all_alerts(catalogue()) if alert.severity is not Severity.NONE}

    assert names == set(STORIES)


def test_the_watchdog_fires_always(tmp_path: Path) -> None:
    firing = 'count(ALERTS{alertname="Watchdog",alertstate="firing"})'

    assert promtool.values(tmp_path, {"up": "1x120"}, [(firing, "1m"), (firing, "120m")]) == [1, 1]


def test_one_lost_region_is_silence_too(tmp_path: Path) -> None:
    """The series of the others hide that one is gone: `absent` alone would say nothing."""
    series = {
        'http_server_request_duration_seconds_count{slo_class="public",region="us-east"}': "0+60x150",
        PUBLIC % "": "0+60x90 _x60",
    }
    gone = 'ALERTS{alertname="SloSilent",region="eu-west",alertstate="firing"}'
    asked = [(f"count({gone}) or vector(0)", time) for time in ("85m", "110m")]

    assert promtool.values(tmp_path, series, asked, objective="public-availability") == [0, 1]


def objective_of(name: str) -> str | None:
    """Tell which objective's alert it is; None: it stands beside them. For silence, one of them is looked at."""
    prefixes = {each.alert_prefix: each.name for each in catalogue().objectives}
    return {**prefixes, "SloSilent": "public-availability"}.get(name.removesuffix("Page").removesuffix("Ticket"))
