"""Its pages."""

import logging
import os
import time

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.cluster.telemetry.project import queue

logger = logging.getLogger("project")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("plain")


def whole(request: HttpRequest) -> HttpResponse:
    """Ask a database and a cache, and send a task."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = %s", ["secret-parameter"])
    cache.get("something")
    logger.info("sends a task")
    queue.call.delay(os.environ["PROJECT_OUTSIDE"])
    return HttpResponse("sent")


def held(request: HttpRequest) -> HttpResponse:
    """Answer when the test says so."""
    while not (settings.FOLDER / "released").exists():
        time.sleep(0.02)
    return HttpResponse("held")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def secret(request: HttpRequest, token: str) -> HttpResponse:
    if "broken" in token:
        raise RuntimeError("broken on purpose")
    return HttpResponse("secret")


urlpatterns = [
    path("plain/", plain),
    path("whole/", whole),
    path("held/", held),
    path("broken/", broken),
    path("secret/<str:token>/", secret),
]
