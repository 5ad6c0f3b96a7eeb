from django.apps import AppConfig


class FlagsConfig(AppConfig):
    name = "reliability.flags"
    label = "reliability_flags"
    verbose_name = "Feature flags"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reliability.flags import checks  # noqa: F401 - registers the system checks
