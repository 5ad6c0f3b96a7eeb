"""What does an answer cost? Against a Django view that runs the same statements, and a WSGI app with the same bytes."""

import json
import os
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.delivery.models import Publication
from tests.bench import corpus
from tests.bench.figures import Figure
from tests.bench.servers import cpu_per_request, gunicorn, read

ROUNDS, REQUESTS, DIFFERENT = 7, 400, 100
GOALS = {"detail": (1.5, 9.0), "page": (1.5, 9.0), "list": (None, 12.0)}


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Measure detail, page by path and list of 20 in alternating rounds; gives the median ratios of CPU a request."""
    world, section = corpus.make_site()
    corpus.fill(world, section, int(os.environ.get("DOCUMENTS", "2000")))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    paths = chosen_paths()
    answers = answers_to([path for each in paths.values() for path in each])
    file = folder / "answers.json"
    file.write_text(json.dumps(answers), encoding="utf-8")
    connection.close()
    with ExitStack() as stack:
        ours = stack.enter_context(gunicorn("ours", "cms.config.wsgi:application"))
        django = stack.enter_context(gunicorn("bare Django", "tests.bench.bare:bare_django()", BENCH_ANSWERS=str(file)))
        wsgi = stack.enter_context(gunicorn("bare WSGI", "tests.bench.bare:wsgi", BENCH_ANSWERS=str(file)))
        servers = (ours, django, wsgi)
        for name, each in paths.items():
            assert all(len(read(server, each[0])) == len(answers[each[0]]["body"].encode()) for server in servers), name
            for server in servers:
                cpu_per_request(server, each, REQUESTS // 2, database_pid)
        figures: list[Figure] = []
        for name, each in paths.items():
            rounds = [
                [cpu_per_request(server, each, REQUESTS, database_pid) for server in servers] for _ in range(ROUNDS)
            ]
            figures += _figures(name, rounds, answers[each[0]])
        return figures


def chosen_paths() -> dict[str, list[str]]:
    """Give about a hundred different addresses of each kind."""
    rows = Publication.objects.filter(type_key="article").order_by("published_at")
    chosen = list(rows.values_list("document_id", "url_path", "published_at")[:: max(1, rows.count() // DIFFERENT)])
    return {
        "detail": [f"/api/v1/documents/{pk}/" for pk, _, _ in chosen],
        "page": [f"/api/v1/pages/?path={path}" for _, path, _ in chosen],
        "list": [f"/api/v1/documents/?type=article&limit=20&filter[published_at][lte]={at:%Y-%m-%dT%H:%M:%S}Z"
                 for _, _, at in chosen[20:]],
    }  # fmt: skip


def answers_to(paths: list[str]) -> dict[str, dict[str, object]]:
    """Give the statements and the body of the answer to each path."""
    client = Client(headers={"host": "127.0.0.1"})
    client.get("/api/v1/types/")
    found: dict[str, dict[str, object]] = {}
    for path in paths:
        with CaptureQueriesContext(connections["replica"]) as statements:
            body = client.get(path).content.decode()
        assert statements.captured_queries, "readers ask the replica; the peer must run what we run"
        found[path] = {"statements": [each["sql"] for each in statements.captured_queries], "body": body}
    return found


def _figures(name: str, rounds: list[list[float]], answer: dict[str, object]) -> list[Figure]:
    to_django, to_wsgi = GOALS[name]
    statements, body = answer["statements"], answer["body"]
    assert isinstance(statements, list)
    assert isinstance(body, str)
    return [
        Figure(f"{name}: CPU against a bare Django view", median(a / b for a, b, _ in rounds), "times", to_django),
        Figure(f"{name}: CPU against a bare WSGI app", median(a / c for a, _, c in rounds), "times", to_wsgi),
        Figure(f"{name}: statements", len(statements), "", 2),
        Figure(f"{name}: CPU a request, ours", median(a for a, _, _ in rounds), "us"),
        Figure(f"{name}: CPU a request, bare Django", median(b for _, b, _ in rounds), "us"),
        Figure(f"{name}: CPU a request, bare WSGI", median(c for _, _, c in rounds), "us"),
        Figure(f"{name}: size of the answer", len(body.encode()), "bytes"),
    ]  # fmt: skip
