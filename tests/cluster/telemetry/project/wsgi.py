"""Its WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.cluster.telemetry.project.settings")
_django = get_wsgi_application()

from reliability.telemetry import requests  # noqa: E402
from reliability.telemetry.wsgi import MetricsPage, RequestTelemetry  # noqa: E402

requests.begin_at_zero()
application = MetricsPage(RequestTelemetry(_django))
