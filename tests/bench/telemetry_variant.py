"""One way to watch a small site, in a process of its own: it runs rounds when it is told to, and tells their CPU.

python -m tests.bench.telemetry_variant off|ours|stock     then on standard input: trivial 500, page 500, direct 500,
                                                           send, random 10000, memory
"""

import io
import os
import random
import string
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reliability.telemetry import process

FOLDER, COLLECTOR, RATIO = Path(os.environ["BENCH_FOLDER"]), os.environ["BENCH_COLLECTOR"], 0.1
VARIANT = sys.argv[1] if __name__ == "__main__" else os.environ.get("BENCH_VARIANT", "ours")
if VARIANT != "off":
    process.share(FOLDER / VARIANT)

import billiard.einfo  # noqa: E402, F401  (what a site with tasks has anyway counts for nobody)
import celery.app.task  # noqa: E402
import celery.signals  # noqa: E402, F401
import django  # noqa: E402
import environ  # noqa: E402
import httpx  # noqa: E402, F401
import prometheus_client  # noqa: E402, F401
import redis  # noqa: E402, F401
from django.conf import settings  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import Context, Engine  # noqa: E402
from django.urls import path  # noqa: E402

ENGINES = {
    "off": "django.db.backends.postgresql",
    "ours": "tests.bench.counted",
    "stock": "django_prometheus.db.backends.postgresql",
}
MIDDLEWARE = {
    "off": [],
    "ours": ["reliability.telemetry.gate.TelemetryMiddleware"],
    "stock": [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ],
}
TEMPLATE = "<ul>{% for each in rows %}<li>{{ each.codename }} {{ each.content_type.model }}</li>{% endfor %}</ul>"
Application = Callable[..., Any]
_providers: list[Any] = []
"""What makes the spans here."""


class EveryTenth:
    """Trace ids of which exactly a tenth is in the share, so that rounds can be compared."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> int:
        self._count += 1
        in_share = self._count % 10 == 0
        low = random.randrange(int(0.09 * (1 << 64))) if in_share else (1 << 63) | random.getrandbits(63)
        return random.getrandbits(64) << 64 | low | 1


def trivial(request: HttpRequest) -> HttpResponse:
    return HttpResponse("trivial")


def page(request: HttpRequest) -> HttpResponse:
    """Five queries of the ORM, and a template."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    found = Permission.objects.select_related("content_type").order_by("id")
    rows = list(found[:20])
    for each in rows[:3]:
        ContentType.objects.filter(pk=each.content_type_id).first()
    return HttpResponse(f"{_template.render(Context({'rows': rows}))} {found.count()}")


_template = Engine().from_string(TEMPLATE)
urlpatterns = [path("trivial/", trivial), path("page/", page)]


def configure() -> None:
    """Set up the smallest Django that serves the views."""
    database = environ.Env.db_url_config(os.environ["CMS_DATABASE_URL"])
    settings.configure(
        DATABASES={"default": {**database, "ENGINE": ENGINES[VARIANT], "CONN_MAX_AGE": 600}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="bench",
        MIDDLEWARE=MIDDLEWARE[VARIANT],
        PROMETHEUS_EXPORT_MIGRATIONS=False,
        OTLP_ENDPOINT=COLLECTOR,
        TRACE_RATIO=float(os.environ.get("BENCH_RATIO", RATIO)),
        TRACE_CLIENTS=False,
        TRUSTED_PROXIES=[],
        TELEMETRY_SERVICE={"name": "bench", "version": "1", "region": "here", "colour": "blue"},
        SLO_CLASSES=[("/", "public")],
        LOGGING=_logging() if VARIANT == "ours" else {},
    )
    django.setup()


def _logging() -> dict[str, Any]:
    context = {"()": "reliability.telemetry.logs.ContextFilter", "region": "here", "colour": "blue", "release": "1"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": context},
        "formatters": {"json": {"()": "reliability.telemetry.logs.JsonLines"}},
        "handlers": {"lines": {"()": "reliability.telemetry.logs.Lines", "formatter": "json", "filters": ["context"]}},
        "root": {"handlers": ["lines"], "level": "INFO"},
        "loggers": {"django": {"level": "CRITICAL"}, "opentelemetry": {"level": "CRITICAL"}},
    }


def make() -> tuple[Application, Application]:
    """Make the application of this variant, and what answers before Django, as a cache would."""
    from django.core.handlers.wsgi import WSGIHandler

    if VARIANT == "stock":
        _trace_as_stock()
    handler = WSGIHandler()
    if VARIANT != "ours":
        return handler, direct
    from reliability.telemetry import current, requests, tracing
    from reliability.telemetry.wsgi import RequestTelemetry

    current.new_trace_id = EveryTenth()
    tracing.start("web")
    if tracing._tracing is not None:
        _providers.append(tracing._tracing.provider)
    requests.begin_at_zero()
    return RequestTelemetry(handler), RequestTelemetry(direct)


def _trace_as_stock() -> None:
    """The instrumentation of Django as its documentation has it; for queries there is no release that fits it."""
    process.choose_conventions()
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

    class Ids(RandomIdGenerator):
        generate_trace_id = staticmethod(EveryTenth())  # type: ignore[assignment]

    provider = TracerProvider(sampler=ParentBasedTraceIdRatio(RATIO), id_generator=Ids())
    _providers.append(provider)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{COLLECTOR}/v1/traces", timeout=1)))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument()


def direct(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer as a cache in front of Django would."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "4")])
    return [b"kept"]


def ask(application: Application, address: str, method: str = "GET", host: str = "127.0.0.1") -> None:
    body = application(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": address,
            "RAW_URI": address,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": host,
            "HTTP_USER_AGENT": "bench",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        },
        lambda status, headers: None,
    )
    for _ in body:
        pass
    if hasattr(body, "close"):
        body.close()


def cpu_of(application: Application, address: str, count: int) -> float:
    """Give the CPU of a request in this process, in microseconds, without the sending of its spans."""
    began = time.process_time()
    for _ in range(count):
        ask(application, address)
    return (time.process_time() - began) / count * 1e6


def cpu_of_sending() -> float:
    """Send the spans that wait, and give what that took, in microseconds of CPU of all threads."""
    began = time.process_time()
    for provider in _providers:
        provider.force_flush()
    return (time.process_time() - began) * 1e6


def series_by_strangers(application: Application, count: int) -> int:
    """Send random methods, paths and hosts; give how many series they have made."""
    from reliability.telemetry.metrics import render

    def word() -> str:
        return "".join(random.choices(string.ascii_letters, k=10))

    def send(times: int) -> None:
        for number in range(times):
            ask(application, f"/{word()}", method=word().upper(), host=word() if number % 2 else "127.0.0.1")

    def known() -> set[bytes]:
        return {line.rpartition(b" ")[0] for line in render().content.splitlines() if not line.startswith(b"#")}

    send(10)
    before = known()
    send(count)
    return len(known() - before)


def memory() -> float:
    """Give the resident memory of this process, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    answers, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115  (for the log, until the process ends)
    configure()
    application, before_django = make()
    for line in sys.stdin:
        what, _, count = line.strip().partition(" ")
        if what == "random":
            result: float = series_by_strangers(application, int(count))
        elif what == "send":
            result = cpu_of_sending()
        elif what == "memory":
            result = memory()
        elif what == "direct":
            result = cpu_of(before_django, "/trivial/", int(count))
        else:
            result = cpu_of(application, f"/{what}/", int(count))
        print(result, file=answers, flush=True)


if __name__ == "__main__":
    sys.modules["tests.bench.telemetry_variant"] = sys.modules["__main__"]
    main()
