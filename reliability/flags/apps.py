from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlagsConfig(AppConfig):
    name = "reliability.flags"
    label = "reliability_flags"
    verbose_name = _("Feature flags")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reliability.flags import checks  # noqa: F401 - registers the system checks
