"""The Celery application: Redis in production, the in-process transport on the embedded default."""

from celery import Celery

app = Celery("cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
