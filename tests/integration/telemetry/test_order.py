"""The gate stands first in Django, before and after the instrumentation has put itself there."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[3]
GATE = "reliability.telemetry.gate.TelemetryMiddleware"
ORDER = """
import django
from django.conf import settings
django.setup()
from reliability.telemetry import tracing
before = list(settings.MIDDLEWARE)
tracing.start("command")
print(settings.MIDDLEWARE == before, settings.MIDDLEWARE[0])
print(tracing.middleware().__module__)
"""


def test_the_gate_is_the_first_middleware() -> None:
    assert settings.MIDDLEWARE[0] == GATE
    assert settings.MIDDLEWARE.count(GATE) == 1


def test_the_instrumentation_stands_behind_the_gate_and_nowhere_else(tmp_path: Path) -> None:
    environment = {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "cms.config.settings",
        "CMS_DATA_DIR": str(tmp_path),
        "CMS_OTLP_ENDPOINT": "http://127.0.0.1:9",
    }

    done = subprocess.run(
        [sys.executable, "-c", ORDER], env=environment, capture_output=True, text=True, check=True, timeout=60
    )

    order, module = done.stdout.splitlines()
    assert order == f"True {GATE}"
    assert module == "opentelemetry.instrumentation.django.middleware.otel_middleware"
