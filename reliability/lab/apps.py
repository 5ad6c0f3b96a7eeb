"""Registration of the lab: servers and regions on one machine, for tests and trials."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "reliability.lab"
    label = "reliability_lab"
    verbose_name = "Lab"
