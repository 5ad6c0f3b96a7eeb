"""Does an answer cost more when there is more? The same requests at 1,000 documents and at DOCUMENTS (100,000)."""

import os
from pathlib import Path
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import User
from tests.bench import corpus
from tests.bench.figures import Figure
from tests.bench.read_bench import answers_to, chosen_paths
from tests.bench.servers import cpu_per_request, gunicorn

FIRST, ROUNDS, REQUESTS = 1_000, 5, 400
GOAL = 1.5


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Measure detail, page by path and list of 20 at both sizes, and print the plans at the larger one."""
    documents = int(os.environ.get("DOCUMENTS", "100000"))
    world, section = corpus.make_site()
    User.objects.create_superuser("ada@bench.example", "bench-password")
    corpus.fill(world, section, FIRST)
    _settle_statistics()
    paths = chosen_paths()
    small, small_list = _costs(paths, database_pid), _admin_statements()
    corpus.multiply(documents // FIRST - 1)
    _settle_statistics()
    large, large_list = _costs(paths, database_pid), _admin_statements()
    figures = [
        Figure(f"{name}: CPU at {documents} against {FIRST}", large[name] / small[name], "times", GOAL)
        for name in paths
    ]
    figures += [Figure(f"{name}: CPU a request at {documents}", large[name], "us") for name in paths]
    figures.append(
        Figure(
            "plans that read a whole table", _sequential_scans({name: each[0] for name, each in paths.items()}), "", 0
        )
    )
    figures.append(Figure("admin list: statements", large_list, ""))
    figures.append(Figure("admin list: statements more than at 1,000", large_list - small_list, "", 0))
    return figures


def _settle_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _costs(paths: dict[str, list[str]], database_pid: int) -> dict[str, float]:
    """Give the median CPU of a request, in microseconds, by endpoint."""
    connection.close()
    with gunicorn("ours", "cms.config.wsgi:application") as ours:
        for each in paths.values():
            cpu_per_request(ours, each, REQUESTS // 2, database_pid)
        rounds = [
            {name: cpu_per_request(ours, each, REQUESTS, database_pid) for name, each in paths.items()}
            for _ in range(ROUNDS)
        ]
    return {name: median(each[name] for each in rounds) for name in paths}


def _sequential_scans(paths: dict[str, str]) -> int:
    """Print the plan of every statement, and count those that read publications or paths from end to end."""
    found = 0
    for name, answer in zip(paths, answers_to(list(paths.values())).values(), strict=True):
        for statement in answer["statements"]:  # type: ignore[attr-defined]
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {statement}")
                plan = [row[0] for row in cursor.fetchall()]
            print(f"\n{name}\n  " + "\n  ".join(plan))
            found += any("Seq Scan on cms_delivery" in line for line in plan)
    return found


def _admin_statements() -> int:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="ada@bench.example"), "cms.accounts.backend.GrantBackend")
    client.get("/admin/cms_content/document/")
    with CaptureQueriesContext(connection) as statements:
        assert client.get("/admin/cms_content/document/").status_code == 200
    return len(statements)
