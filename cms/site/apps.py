from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "cms.site"
    label = "cms_site"
    verbose_name = "Web site"
