"""In production the port of the site has no metrics; the ops port has them. In development both do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.health.running import ROOT

pytestmark = pytest.mark.sqlite  # Processes of their own: once is enough.
SCRIPT = """
import django
django.setup()
from django.urls import Resolver404, resolve
from cms.config.wsgi import application
try:
    address = resolve("/metrics").func.__module__
except Resolver404:
    address = "nobody"
print(type(application._application).__name__, address)
"""
PRODUCTION = {
    "CMS_MODE": "production",
    "CMS_SECRET_KEY": "x7Qm" * 15 + "unlikely",
    "CMS_ALLOWED_HOSTS": "127.0.0.1",
}


def asked(folder: Path, **settings: str) -> str:
    """Tell who answers /metrics on the port of the site."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "cms.config.settings",
        "CMS_DATA_DIR": str(folder),
        **settings,
    }
    command = [sys.executable, "-c", SCRIPT]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return run.stdout.strip().splitlines()[-1]


def test_in_development_the_site_answers(tmp_path: Path) -> None:
    assert asked(tmp_path) == "MetricsPage reliability.telemetry.views"


def test_in_production_nobody_does(tmp_path: Path) -> None:
    assert asked(tmp_path, **PRODUCTION) == "RequestTelemetry nobody"
