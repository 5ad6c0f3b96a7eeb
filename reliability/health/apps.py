from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "reliability.health"
    label = "reliability_health"
    verbose_name = "Health"

    def ready(self) -> None:
        from reliability.health import checks  # noqa: F401  (registers itself)
