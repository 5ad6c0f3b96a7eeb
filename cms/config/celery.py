"""The Celery application: Redis in production, the in-process transport on the embedded default."""

from typing import Any

from celery import Celery
from celery.signals import beat_init, task_prerun, worker_process_init, worker_ready, worker_shutting_down

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
    from cms.config import startup

    startup.listen()


@worker_process_init.connect
def show_life_of_child(**ignored: Any) -> None:
    """Leave the heartbeat of a process that runs tasks, and watch its probes."""
    from reliability.health import process

    process.start("worker")


@worker_ready.connect
def show_life_of_worker(**ignored: Any) -> None:
    """Leave the heartbeat of the worker itself, no more: with other threads it could not fork children safely."""
    from reliability.health import process

    process.start("worker", only_lives=True)


@beat_init.connect
def show_life_of_beat(**ignored: Any) -> None:
    """Leave the heartbeat of the clock; on the embedded default the process has one already."""
    from reliability.health import process

    process.start("beat", only_lives=True)


@worker_shutting_down.connect
def end(**ignored: Any) -> None:
    """Say that no further task is taken."""
    from reliability.health import process

    process.drain()
