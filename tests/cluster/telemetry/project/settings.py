"""A small Django project that uses telemetry and nothing else of ours: any project can."""

import os
from pathlib import Path

from reliability.telemetry import process

FOLDER = Path(os.environ["PROJECT_FOLDER"])
process.share(FOLDER / "metrics")

SECRET_KEY = "of the tests"
SECRET_KEY_FALLBACKS: list[str] = []
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.cluster.telemetry.project.urls"
INSTALLED_APPS = ["reliability.telemetry"]
MIDDLEWARE = [
    "reliability.telemetry.gate.TelemetryMiddleware",
    "django.middleware.common.CommonMiddleware",
]
DATABASES = {"default": {"ENGINE": "reliability.telemetry.sqlite", "NAME": str(FOLDER / "db.sqlite3")}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["PROJECT_REDIS"]}
}
CELERY_BROKER_URL = os.environ["PROJECT_REDIS"]
CELERY_TASK_IGNORE_RESULT = True
OTLP_ENDPOINT = os.environ.get("PROJECT_COLLECTOR", "")
TRACE_RATIO = float(os.environ.get("PROJECT_RATIO", "1"))
TRACE_CLIENTS = False
TRUSTED_PROXIES = [proxy for proxy in os.environ.get("PROJECT_PROXIES", "").split(",") if proxy]
TELEMETRY_SERVICE = {"name": "project", "version": "1.2.3", "region": "eu-west", "colour": "green"}
SLO_CLASSES = [("/", "public")]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "context": {
            "()": "reliability.telemetry.logs.ContextFilter",
            "region": "eu-west",
            "colour": "green",
            "release": "1.2.3",
        }
    },
    "formatters": {"json": {"()": "reliability.telemetry.logs.JsonLines"}},
    "handlers": {"lines": {"()": "reliability.telemetry.logs.Lines", "formatter": "json", "filters": ["context"]}},
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "opentelemetry": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
    },
}
