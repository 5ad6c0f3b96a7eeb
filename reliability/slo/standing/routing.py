"""Is the database what people rely on? Each process looks for itself; a region is what its processes see. Pure."""

from reliability.slo.alert import Alert, Severity
from reliability.slo.windows import MINUTE, Scale

LAG_SECONDS = 30
"""The hard limit of routing: readers are kept away from such a node."""
STALLED_SECONDS = 10
AWAY = ',reason!="local"'
AWAY = ',reason!="local"'
AWAY_SHARE = 0.5


def alerts(scale: Scale) -> list[Alert]:
    """Give the alerts of routing."""
    return [*_writes(), *_reads(scale), _lost(scale), _stalled()]


def _writes() -> list[Alert]:
    return [
        Alert(
            name="RoutingSplitBrain",
            expression="max by (region) (routing_split_brain) == 1",
            severity=Severity.PAGE,
            summary="Two database nodes claim to be the primary, seen from {{ $labels.region }}",
            description="Writes are refused until somebody decides which of them it is.",
            lasting_seconds=MINUTE // 2,
        ),
        Alert(
            name="RoutingWritesClosed",
            expression='max by (region) (routing_mode{mode="read_only"}) == 1',
            severity=Severity.PAGE,
            summary="Nothing can be saved in {{ $labels.region }}",
            description="The site is read-only: no primary answers, or somebody ordered it.",
            lasting_seconds=MINUTE,
        ),
        Alert(
            name="RoutingNoSyncStandby",
            expression="min by (region, node) (routing_sync_standbys) == 0",
            severity=Severity.TICKET,
            summary="No standby confirms the commits of {{ $labels.node }}",
            description="Where synchronous commits are required, writes are closed until one comes back.",
            lasting_seconds=MINUTE,
        ),
    ]


def _reads(scale: Scale) -> list[Alert]:
    reads, window = 'routing_checkouts_total{role="replica"%s}', scale(5 * MINUTE)
    taken = f"sum by (region) (rate({reads % ''}[{window}]))"
    away = f"sum by (region) (rate({reads % AWAY}[{window}]))"
    return [
        Alert(
            name="RoutingNoLocalReplica",
            expression=f"{away} / ({taken} > 0) > {AWAY_SHARE}",
            severity=Severity.TICKET,
            summary="Readers of {{ $labels.region }} are served from another region",
            description="{{ $value | humanizePercentage }} of the reads leave the region: they are slower, and cost.",
            lasting_seconds=5 * MINUTE,
        ),
        Alert(
            name="RoutingReplicaLagging",
            expression=(
                f"max by (region, node) (routing_staleness_seconds < Inf) > {LAG_SECONDS}"
                " and on (region, node) (max by (region, node) (routing_node_up) == 1)"
            ),
            severity=Severity.TICKET,
            summary="{{ $labels.node }} is {{ $value | humanizeDuration }} behind",
            description="It gets no readers while another node answers.",
            lasting_seconds=5 * MINUTE,
        ),
    ]


def _lost(scale: Scale) -> Alert:
    # Each loss may begin a series of its own, of which `increase` would not see the first count.
    lost = "sum by (region) (routing_lost_writes_total)"
    before = f"sum by (region) (routing_lost_writes_total offset {scale(15 * MINUTE)})"
    return Alert(
        name="RoutingLostWrites",
        expression=f"{lost} - ({before} or 0 * {lost}) > 0",
        severity=Severity.TICKET,
        summary="{{ $value }} acknowledged writes may be lost, seen in {{ $labels.region }}",
        description="A failover ended before they were copied. Their authors were told; somebody should look.",
    )


def _stalled() -> Alert:
    return Alert(
        name="RoutingProberStalled",
        expression=f"max by (region, instance) (routing_snapshot_age_seconds) > {STALLED_SECONDS}",
        severity=Severity.TICKET,
        summary="{{ $labels.instance }} no longer looks at its databases",
        description="Its knowledge is {{ $value | humanizeDuration }} old: each request has to find out by itself.",
        lasting_seconds=MINUTE,
    )
