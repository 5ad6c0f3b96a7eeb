from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "cms.publishing"
    label = "cms_publishing"
    verbose_name = "Publishing"
