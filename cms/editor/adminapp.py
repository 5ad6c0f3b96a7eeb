"""Django's admin application, with our site in its place."""

from django.contrib.admin.apps import AdminConfig


class EditorAdminConfig(AdminConfig):
    """Registered in place of `django.contrib.admin`."""

    default_site = "cms.editor.site.EditorSite"
