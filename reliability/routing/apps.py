"""Registration of read routing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoutingConfig(AppConfig):
    name = "reliability.routing"
    label = "reliability_routing"
    verbose_name = _("Database routing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reliability.routing import (
            checks,  # noqa: F401  (registers itself)
            gauges,
            losses,
            reporting,
        )
        from reliability.telemetry import ledger

        losses.begin(reporting.report)
        ledger.before_settling(gauges.look)
