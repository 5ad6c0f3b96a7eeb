"""The Celery application: Redis in production, the in-process transport on the embedded default."""

from celery import Celery

# By name: importing it imports the metrics library, which the settings have to prepare first.
app = Celery("cms", task_cls="reliability.routing.celery:RoutedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
