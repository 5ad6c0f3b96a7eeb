from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "cms.content"
    label = "cms_content"
    verbose_name = "Content"
