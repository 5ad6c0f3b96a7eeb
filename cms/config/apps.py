"""Registration of the composition root, for its commands."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "cms.config"
    label = "cms_config"
    verbose_name = _("Configuration")

    def ready(self) -> None:
        """Make our Celery application the current one, with all tasks, in commands and web processes too.

        Actions start tasks by name in all of them.
        """
        from django.utils.translation import gettext

        from cms.config import checks  # noqa: F401  (registers itself)
        from cms.config.celery import app
        from reliability import wording
        from reliability.limits import sqlite  # noqa: F401  (registers itself)

        wording.translate_by(gettext)
        app.set_default()
        app.autodiscover_tasks(force=True)
