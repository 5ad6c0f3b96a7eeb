"""The peers: a WSGI application that returns the same bytes, and a Django view that runs the same statements first.

Both read what to answer from the JSON file named by BENCH_ANSWERS: {path: {"statements": [...], "body": "..."}}.
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django
import environ
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

ANSWERS: dict[str, dict[str, Any]] = json.loads(Path(os.environ["BENCH_ANSWERS"]).read_text(encoding="utf-8"))
BODIES = {path: answer["body"].encode() for path, answer in ANSWERS.items()}


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Return the bytes, and do nothing else."""
    query = environ.get("QUERY_STRING", "")
    body = BODIES[environ["PATH_INFO"] + (f"?{query}" if query else "")]
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def view(request: HttpRequest) -> HttpResponse:
    """Run the statements, read every row, and return the bytes."""
    path = request.get_full_path()
    with connection.cursor() as cursor:
        for statement in ANSWERS[path]["statements"]:
            cursor.execute(statement)
            cursor.fetchall()
    return HttpResponse(BODIES[path], content_type="application/json")


def bare_django() -> WSGIHandler:
    """Set up the smallest Django that serves the view: its own engine, a lasting connection, the same driver."""
    database = environ.Env.db_url_config(os.environ["CMS_DATABASE_URL"]) | {"CONN_MAX_AGE": 600}
    settings.configure(
        DATABASES={"default": database},
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="bench",
        MIDDLEWARE=[],
    )
    django.setup()
    return WSGIHandler()


urlpatterns = [re_path("", view)]
