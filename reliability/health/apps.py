from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "reliability.health"
    label = "reliability_health"
    verbose_name = _("Health")

    def ready(self) -> None:
        from reliability.health import checks  # noqa: F401  (registers itself)
