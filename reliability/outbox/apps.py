from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "reliability.outbox"
    label = "reliability_outbox"
    verbose_name = "Outbox"
