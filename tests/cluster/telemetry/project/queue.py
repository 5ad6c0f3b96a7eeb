"""Its tasks."""

import logging

import httpx
from celery import Celery
from celery.signals import import_modules

app = Celery("project")
app.config_from_object("django.conf:settings", namespace="CELERY")
logger = logging.getLogger("project.tasks")


@import_modules.connect
def connect(**ignored: object) -> None:
    from reliability.telemetry import celery  # noqa: F401  (connects itself)


@app.task(name="project.call")
def call(url: str) -> None:
    """Call somebody outside."""
    logger.info("calls outside")
    httpx.get(url, timeout=5).raise_for_status()


@app.task(name="project.fail")
def fail() -> None:
    raise RuntimeError("on purpose")
