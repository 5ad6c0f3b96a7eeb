from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "cms.editor"
    label = "cms_editor"
    verbose_name = "Editor"
