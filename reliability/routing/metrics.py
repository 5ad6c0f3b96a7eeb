"""What does routing tell Prometheus? The names are promises; dashboards and alerts rely on them."""

from functools import partial

from prometheus_client import Counter
from prometheus_client import Gauge as AnyGauge

# Each process probes for itself: of several workers, the one that looked last is right.
Gauge = partial(AnyGauge, multiprocess_mode="livemostrecent")
NODE = ("node",)
PER_NODE = ("node", "role", "reason")

node_info = Gauge("routing_node_info", "Always 1; where a node is and what it does.", ["node", "region", "role"])
node_up = Gauge("routing_node_up", "Whether a node answers its probes.", NODE)
node_fenced = Gauge("routing_node_fenced", "Whether a node is kept from readers and writers.", NODE)
replay_lag_bytes = Gauge("routing_replay_lag_bytes", "How far a node is behind the freshest one.", NODE)
staleness_seconds = Gauge("routing_staleness_seconds", "Age of the newest heartbeat that a node shows.", NODE)
unreplicated_bytes = Gauge("routing_unreplicated_bytes", "What only the primary has: lost if it dies now.", NODE)
sync_standbys = Gauge("routing_sync_standbys", "Standbys that a commit on the primary can wait for.", NODE)
# Of several workers, the one whose prober stands still must not be hidden by those that are well.
snapshot_age_seconds = AnyGauge(
    "routing_snapshot_age_seconds", "Age of what a process knows of the nodes.", multiprocess_mode="livemax"
)
epoch_changes = Counter("routing_epoch_changes_total", "Promotions that this process has seen.")
split_brain = Gauge("routing_split_brain", "Whether two nodes claim to be the primary.")
mode = Gauge("routing_mode", "1 for the mode that this process is in.", ["mode"])
checkouts = Counter("routing_checkouts_total", "Connections taken from a node's pool.", PER_NODE)
retries = Counter("routing_retries_total", "Queries that were run again after a node failed.", PER_NODE)
sockets_cut = Counter("routing_sockets_cut_total", "Connections in use that were cut to free who waited.", PER_NODE)
pool_drains = Counter("routing_pool_drains_total", "Pools whose connections were replaced.", PER_NODE)
token_checks = Counter("routing_token_checks_total", "Consistency tokens, by what became of them.", ["result"])
commits_unknown = Counter(
    "routing_commits_unknown_total", "Commits whose outcome nobody can tell.", ["reason", "route"]
)
lost_writes = Counter(
    "routing_lost_writes_total", "Acknowledged writes that a failover may have lost.", ["reason", "route"]
)
writes_held = Counter("routing_writes_held_total", "Writes that waited for a primary.", ["reason", "route"])
writes_refused = Counter("routing_writes_refused_total", "Writes refused; nothing was changed.", ["reason", "route"])
captured_writes = Counter("routing_captured_writes_total", "Safe requests that tried to write.", ["reason", "route"])
# Each process has pools of its own: together they are what a server has to bear.
pool_connections = AnyGauge(
    "db_client_connection_count", "Connections of the pools.", ["pool", "state"], multiprocess_mode="livesum"
)
pool_pending = AnyGauge(
    "db_client_connection_pending_requests",
    "Queries that wait for a connection.",
    ["pool"],
    multiprocess_mode="livesum",
)
