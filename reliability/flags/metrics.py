"""What is counted of flags. Never a person in a label; flags that no code declares are `_other`."""

from prometheus_client import Counter, Gauge, Histogram

EVALUATIONS = Counter("flags_evaluations_total", "Answers given.", ["flag", "variant", "reason"])
SNAPSHOT_VERSION = Gauge("flags_snapshot_version", "Version of the flags in use.", multiprocess_mode="livemin")
SNAPSHOT_AGE = Gauge(
    "flags_snapshot_age_seconds", "Seconds since the flags were last known to be current.", multiprocess_mode="livemax"
)
PROPAGATION = Histogram(
    "flags_propagation_seconds",
    "From a change to its use in a process.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
)
SOURCE_UP = Gauge("flags_source_up", "Whether a source could be read.", ["source"], multiprocess_mode="livemin")
KILLS_ACTIVE = Gauge("flags_kills_active", "Flags that are killed.", ["source"], multiprocess_mode="livemax")
QUARANTINED = Gauge("flags_quarantined", "Flags whose newest definition does not compile.", multiprocess_mode="livemax")
ERRORS = Counter("flags_errors_total", "Answers that were errors.", ["code"])
AGENT_RESTARTS = Counter("flags_agent_restarts_total", "Background threads that had to be started again.")
REWINDS = Counter("flags_rewinds_total", "Changes of flags that a failover lost.")
BOOT_SOURCE = Gauge("flags_boot_source", "Where the flags came from at the start.", ["source"],
                    multiprocess_mode="livemax")  # fmt: skip
