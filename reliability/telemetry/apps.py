from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelemetryConfig(AppConfig):
    name = "reliability.telemetry"
    label = "reliability_telemetry"
    verbose_name = _("Telemetry")

    def ready(self) -> None:
        from reliability.telemetry import celery  # noqa: F401  (connects itself)
