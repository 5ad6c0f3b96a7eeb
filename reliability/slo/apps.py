"""Registration of objectives and error budgets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SloConfig(AppConfig):
    name = "reliability.slo"
    label = "reliability_slo"
    verbose_name = _("Service level objectives")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reliability.slo import checks  # noqa: F401  (registers itself)
