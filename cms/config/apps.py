"""Registration of the composition root, for its commands."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "cms.config"
    label = "cms_config"
    verbose_name = "Configuration"
