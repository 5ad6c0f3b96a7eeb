"""Which database serves whom, and how far are the copies behind? Pure."""

from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row
from reliability.slo.dashboards.promql import highest, rate, select


def dashboard(service: str) -> Dashboard:
    """Give the page of regions and replication."""
    return Dashboard(
        uid=f"{service}-regions",
        title="Regions and replication",
        description="The nodes as each region sees them, replication, and what readers and writers met.",
        rows=(_nodes(), _replication(), _people()),
    )


def _nodes() -> Row:
    role = f"max by (node, role) ({select('routing_node_info')}) == 1"
    modes = f"sum by (region, mode) ({select('routing_mode')} == 1)"
    return Row(
        "Nodes",
        (
            Panel("Roles", "What each node does.", "short", (Query(role, "{{node}}: {{role}}"),), kind="stat"),
            Panel(
                "Nodes that answer",
                "1 where a node answers its probes.",
                "short",
                (Query(highest("routing_node_up", by="region, node"), "{{node}} from {{region}}"),),
            ),
            Panel(
                "Mode of writing",
                "How many processes are in each mode; read_only refuses writes.",
                "short",
                (Query(modes, "{{region}} {{mode}}"),),
            ),
            Panel(
                "Two primaries",
                "1 while two nodes claim to be the primary.",
                "short",
                (Query(highest("routing_split_brain", by="region"), "{{region}}"),),
            ),
            Panel(
                "Nodes shut out",
                "1 where a node is kept from readers and writers.",
                "short",
                (Query(highest("routing_node_fenced", by="node"), "{{node}}"),),
            ),
            Panel(
                "Age of what is known",
                "Seconds since the nodes were last looked at.",
                "s",
                (Query(highest("routing_snapshot_age_seconds", by="instance"), "{{instance}}"),),
            ),
        ),
    )


def _replication() -> Row:
    behind = f"max by (node) ({select('routing_staleness_seconds')} < Inf)"
    return Row(
        "Replication",
        (
            Panel(
                "Behind in seconds", "Age of the newest heartbeat that a node shows.", "s", (Query(behind, "{{node}}"),)
            ),
            Panel(
                "Behind in bytes",
                "Against the freshest node.",
                "bytes",
                (Query(highest("routing_replay_lag_bytes", by="node"), "{{node}}"),),
            ),
            Panel(
                "Only on the primary",
                "Bytes that would be lost if it died now.",
                "bytes",
                (Query(highest("routing_unreplicated_bytes", by="node"), "{{node}}"),),
            ),
        ),
    )


def _people() -> Row:
    troubled = '{__name__=~"routing_(writes_held|writes_refused|commits_unknown|lost_writes|captured_writes)_total"}'
    troubles = f"sum by (__name__) ({troubled})"
    return Row(
        "Readers and writers",
        (
            Panel(
                "Who answers reads",
                "Connections taken, by why this node.",
                "ops",
                (
                    Query(
                        rate("routing_checkouts_total", 'role="replica"', by="region, reason"), "{{region}} {{reason}}"
                    ),
                ),
            ),
            Panel(
                "Consistency tokens",
                "What became of them; free and primary cost nothing.",
                "ops",
                (Query(rate("routing_token_checks_total", by="result"), "{{result}}"),),
            ),
            Panel(
                "Queries run again",
                "After a node failed under them.",
                "ops",
                (Query(rate("routing_retries_total", by="node, reason"), "{{node}} {{reason}}"),),
            ),
            Panel(
                "Writes in trouble",
                "Held, refused, unknown, lost or captured, since the processes began.",
                "short",
                (Query(troubles, "{{__name__}}"),),
            ),
        ),
    )
