from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "cms.media"
    label = "cms_media"
    verbose_name = "Media"
