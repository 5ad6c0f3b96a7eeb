"""The Celery application: Redis in production, the in-process transport on the embedded default."""

from typing import Any

from celery import Celery
from celery.signals import task_prerun

# By name: importing it imports the metrics library, which the settings have to prepare first.
app = Celery("cms", task_cls="reliability.routing.celery:RoutedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def listen(task: Any, **ignored: Any) -> None:
    """Let a process that runs tasks hear of changes, as one that serves does; the first task of a process starts that.

    By task and not by worker: only so is it right in every kind of pool, and after a fork. An eager task is part of its
    caller.
    """
    if task.request.is_eager:
        return
    from reliability.flags import process as flags
    from reliability.outbox import runner

    runner.ensure_started()
    flags.ensure_started()
