"""The product itself, as it is deployed: gunicorn by its configuration file, a worker, the ops process, PostgreSQL."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from reliability.lab.processes import end
from reliability.lab.servers import postgres, redis
from tests.cluster.health.running import Instance, instance
from tests.otlp import Sink, sink
from tests.waiting import at_rest, wait_until

PUBLISH = """
from reliability.outbox.actions import record
record([("cms.document.published", "1", {})])
"""
SEND = """
from celery import current_app
current_app.tasks["cms.publishing.tasks.settle_schedules"].delay()
"""
CONTENT = """
from tests.factories.site import make_world
make_world()
"""
NODE = re.compile(r"127\.0\.0\.1:\d+")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, Sink]]:
    """Give a site on an empty database whose every request is traced, and its collector."""
    with ExitStack() as stack:
        collector = stack.enter_context(sink())
        environment = {
            "CMS_DATABASE_URL": stack.enter_context(postgres(options={"fsync": "off"})).url,
            "CMS_REDIS_URL": stack.enter_context(redis()).url,
            "CMS_OTLP_ENDPOINT": collector.url,
            "CMS_TRACE_RATIO": "1",
            "CMS_LOG_FORMAT": "json",
            "CMS_REGION": "eu-west",
            "CMS_RELEASE": "2.4.0",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        made = stack.enter_context(instance(tmp_path_factory.mktemp("site"), **environment))
        made.manage("migrate", "--verbosity=0")
        made.manage("shell", "--command", CONTENT)
        made.start_web()
        celery = ["celery", "--app=cms.config.celery", "worker", "--concurrency=1", "--loglevel=INFO"]
        made.start("worker", sys.executable, "-m", *celery, "--without-gossip", "--without-mingle")
        made.start_ops()
        made.wait_until("/readyz", 200)
        wait_until(lambda: any(line["message"].endswith(" ready.") for line in lines(made, "worker")))
        yield made, collector


def lines(site: Instance, name: str) -> list[dict[str, Any]]:
    log = (site.folder / f"{name}.log").read_text()
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def number(site: Instance, beginning: str) -> float:
    """Add up the series of the page of metrics that begin so."""
    page = site.ops("/metrics")[1]
    return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(beginning))


def test_a_request_is_traced_with_its_queries_by_node(site: tuple[Instance, Sink]) -> None:
    product, collector = site

    status, _ = product.web("/api/v1/documents/")

    wait_until(lambda: bool(collector.named("GET api/v1/documents/")), or_show=product.logs)
    [request] = collector.named("GET api/v1/documents/")
    queries = [
        span for span in collector.of_trace(request.trace_id) if span.attributes.get("db.system.name") == "postgresql"
    ]
    assert request.attributes["http.response.status_code"] == status
    assert (request.resource["cloud.region"], request.resource["service.version"]) == ("eu-west", "2.4.0")
    assert queries
    assert all(span.parent_id == request.span_id for span in queries)
    assert all(NODE.fullmatch(span.attributes["db.client.connection.pool.name"]) for span in queries)


def test_its_access_line_names_the_node(site: tuple[Instance, Sink]) -> None:
    product, _ = site

    product.web("/api/v1/search/?q=secret-word")

    wait_until(
        lambda: any(line.get("route") == "api/v1/search/" for line in lines(product, "web")), or_show=product.logs
    )
    [line] = [line for line in lines(product, "web") if line.get("route") == "api/v1/search/"]
    assert NODE.fullmatch(line["node"])
    assert line["db_queries"] >= 1
    assert (line["region"], line["colour"], line["release"]) == ("eu-west", "blue", "2.4.0")
    assert "secret-word" not in (product.folder / "web.log").read_text()


def test_the_ops_port_shows_requests_queries_pools_and_queues(site: tuple[Instance, Sink]) -> None:
    product, _ = site

    product.web("/api/v1/types/")

    count = 'http_server_request_duration_seconds_count{http_request_method="GET"'
    wait_until(lambda: number(product, count) >= 1)
    wait_until(lambda: number(product, "http_request_db_queries_count") >= 1)
    wait_until(lambda: number(product, 'django_db_query_duration_seconds_count{alias="127.0.0.1:') >= 1)
    wait_until(lambda: number(product, "db_client_connection_count{pool=") >= 1)
    assert number(product, "db_client_connection_pending_requests{pool=") == 0
    wait_until(lambda: 'celery_queue_depth{queue="celery"} 0.0' in product.ops("/metrics")[1], or_show=product.logs)
    assert number(product, "outbox_lag_seconds{consumer=") == 0


def test_probes_and_metrics_are_no_requests(site: tuple[Instance, Sink]) -> None:
    product, collector = site
    before = at_rest(lambda: number(product, "http_server_request_duration_seconds_count"))

    for path in ("/livez", "/readyz", "/metrics"):
        product.web(path)

    assert at_rest(lambda: number(product, "http_server_request_duration_seconds_count")) == before
    assert not [span for span in collector.spans if span.attributes.get("url.path") in ("/livez", "/readyz")]


def test_what_is_published_is_measured_until_it_is_seen(site: tuple[Instance, Sink]) -> None:
    product, _ = site
    product.web("/robots.txt")  # Begins to listen.
    before = number(product, "cms_publish_visible_seconds_count")

    product.manage("shell", "--command", PUBLISH)

    # One process serves readers; the worker hears of it too, but serves nobody.
    wait_until(lambda: number(product, "cms_publish_visible_seconds_count") == before + 1, or_show=product.logs)
    assert number(product, 'cms_publish_visible_seconds_bucket{le="30.0"}') == before + 1


def test_a_task_is_counted_and_traced_and_its_spans_arrive_at_the_end(site: tuple[Instance, Sink]) -> None:
    product, collector = site

    product.manage("shell", "--command", SEND)

    name = 'celery_task_duration_seconds_count{outcome="success",task="cms.publishing.tasks.settle_schedules"}'
    wait_until(lambda: number(product, name) == 1, or_show=product.logs)
    end(product.running["worker"])
    [ran] = collector.named("run/cms.publishing.tasks.settle_schedules")
    assert ran.resource["process.role"] == "worker"
    assert [span for span in collector.of_trace(ran.trace_id) if span.parent_id == ran.span_id]


def test_the_clock_traces_what_it_sends(site: tuple[Instance, Sink]) -> None:
    product, collector = site
    beat = ["celery", "--app=cms.config.celery", "beat", "--scheduler=celery.beat:Scheduler", "--pidfile="]

    clock = product.start("beat", sys.executable, "-m", *beat)

    def sent() -> bool:
        return any(span.resource["process.role"] == "beat" for span in collector.spans)

    wait_until(sent, or_show=product.logs)
    end(clock)
