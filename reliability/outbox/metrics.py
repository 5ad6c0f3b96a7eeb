"""What does the outbox tell Prometheus? The names are promises; alerts rely on them."""

from prometheus_client import Counter, Gauge

CONSUMER = ("consumer",)

lag_events = Gauge("outbox_lag_events", "Events that wait for a consumer.", CONSUMER, multiprocess_mode="livemax")
lag_seconds = Gauge(
    "outbox_lag_seconds", "Age of the oldest event that waits for a consumer.", CONSUMER, multiprocess_mode="livemax"
)
delivered = Counter("outbox_delivered_total", "Events that a consumer has taken.", CONSUMER)
failures = Counter("outbox_failures_total", "Failures of a consumer; it gets the events again.", CONSUMER)
horizon_age_seconds = Gauge(
    "outbox_horizon_age_seconds",
    "Age of the oldest event that an open transaction holds back from everybody.",
    multiprocess_mode="livemostrecent",
)
# Of several processes, the one whose thread stands still must not be hidden by those that are well.
read_at = Gauge(
    "outbox_read_timestamp_seconds", "When this process last read the log, in seconds of the epoch.",
    multiprocess_mode="livemin",
)  # fmt: skip
