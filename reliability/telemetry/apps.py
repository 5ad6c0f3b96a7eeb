from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "reliability.telemetry"
    label = "reliability_telemetry"
    verbose_name = "Telemetry"

    def ready(self) -> None:
        from reliability.telemetry import celery  # noqa: F401  (connects itself)
