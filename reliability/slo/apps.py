"""Registration of objectives and error budgets."""

from django.apps import AppConfig


class SloConfig(AppConfig):
    name = "reliability.slo"
    label = "reliability_slo"
    verbose_name = "Service level objectives"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reliability.slo import checks  # noqa: F401  (registers itself)
