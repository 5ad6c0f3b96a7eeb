"""Does an answer cost more when there is more? The same requests at 1,000 documents and at DOCUMENTS (100,000)."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import User
from tests.bench import corpus
from tests.bench.figures import Figure
from tests.bench.read_bench import answers_to, chosen_paths
from tests.bench.servers import cpu_per_request, gunicorn

FIRST, ROUNDS, REQUESTS = 1_000, 5, 400
GOAL = 1.5
REPETITIONS = 7
"""The client prepares what it has run five times; the server may plan it without its values after five more."""


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Measure detail, page by path and list of 20 at both sizes, and print the plans at the larger one."""
    documents = int(os.environ.get("DOCUMENTS", "100000"))
    world, section = corpus.make_site()
    User.objects.create_superuser("ada@bench.example", "bench-password")
    corpus.fill(world, section, FIRST)
    _settle()
    paths = chosen_paths()
    small, small_list = _costs(paths, database_pid), _admin_statements()
    corpus.multiply(documents // FIRST - 1)
    examples = {name: each[0] for name, each in chosen_paths().items()}
    stale = sum(_whole_tables(each) for each in _generic_plans(examples, "statistics of the smaller size"))
    _settle()
    large, large_list = _costs(paths, database_pid), _admin_statements()
    figures = [
        Figure(f"{name}: CPU at {documents} against {FIRST}", large[name] / small[name], "times", GOAL)
        for name in paths
    ]
    figures += [Figure(f"{name}: CPU a request at {documents}", large[name], "us") for name in paths]
    plans = [*_plans(examples), *_generic_plans(examples, "statistics of this size")]
    figures.append(Figure("plans that read a whole table", sum(map(_whole_tables, plans)), "", 0))
    figures.append(Figure("plans that do, before statistics are renewed", stale, "", 0))
    figures.append(Figure("plans looked at, for given values and for any", len(plans), ""))
    figures.append(Figure("admin list: statements", large_list, ""))
    figures.append(Figure("admin list: statements more than at 1,000", large_list - small_list, "", 0))
    return figures


def _settle() -> None:
    """Renew the statistics, and have everything written: that is work of the filling, not of the requests."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


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


def _plans(paths: dict[str, str]) -> Iterator[list[str]]:
    """Give, and print, the plan of every statement of the answers for its own values."""
    for name, answer in zip(paths, answers_to(list(paths.values())).values(), strict=True):
        for statement in answer["statements"]:  # type: ignore[attr-defined]
            with connection.cursor() as cursor:
                yield _plan(cursor, f"EXPLAIN {statement}", name)


def _generic_plans(paths: dict[str, str], title: str) -> Iterator[list[str]]:
    """Give, and print, the plan of every prepared statement for whatever values: what the server may choose in time."""
    for path in paths.values():
        answers_to([path] * REPETITIONS)
    with connections["replica"].cursor() as cursor:
        cursor.execute("SELECT name, cardinality(parameter_types) FROM pg_prepared_statements WHERE NOT from_sql")
        prepared = cursor.fetchall()
        assert len(prepared) > len(paths), "every answer has a statement of its own, and they share that of links"
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        for statement, count in prepared:
            values = ", ".join(["NULL"] * count)
            yield _plan(cursor, f'EXPLAIN EXECUTE "{statement}"({values})', f"any values, {title}")
        cursor.execute("RESET plan_cache_mode")


def _plan(cursor: Any, sql: str, title: str) -> list[str]:
    cursor.execute(sql)
    plan = [row[0] for row in cursor.fetchall()]
    print(f"\n{title}\n  " + "\n  ".join(plan))
    return plan


def _whole_tables(plan: list[str]) -> bool:
    """Tell whether a plan reads publications or paths from end to end."""
    return any("Seq Scan on cms_delivery" in line for line in plan)


def _admin_statements() -> int:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="ada@bench.example"), "cms.accounts.backend.GrantBackend")
    client.get("/admin/cms_content/document/")
    with CaptureQueriesContext(connection) as on_primary, CaptureQueriesContext(connections["replica"]) as on_replica:
        assert client.get("/admin/cms_content/document/").status_code == 200
    assert len(on_primary) + len(on_replica) > 0, (
        "a list without statements is not measured: they ran on another connection"
    )
    return len(on_primary) + len(on_replica)
