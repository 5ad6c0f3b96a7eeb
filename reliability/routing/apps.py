"""Registration of routing."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "reliability.routing"
    label = "reliability_routing"
    verbose_name = "Routing"
