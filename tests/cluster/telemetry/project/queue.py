"""Its tasks."""

import logging

import httpx
from celery import Celery

app = Celery("project")
app.config_from_object("django.conf:settings", namespace="CELERY")
logger = logging.getLogger("project.tasks")


@app.task(name="project.call")
def call(url: str) -> None:
    """Call somebody outside."""
    logger.info("calls outside")
    httpx.get(url, timeout=5).raise_for_status()


@app.task(name="project.fail")
def fail() -> None:
    raise RuntimeError("on purpose")
