"""A statement that a connection has prepared runs on, also when a migration changes its table meanwhile."""

from collections.abc import Iterator

import pytest
from django.test.utils import CaptureQueriesContext

from reliability.lab.cluster import Cluster
from tests.cluster.routing.conftest import Site

COUNT = "SELECT id, words FROM note WHERE id >= %s"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT id, words FROM note%%'"


@pytest.fixture
def _changed_column(pg_cluster: Cluster) -> Iterator[None]:
    yield
    pg_cluster.primary.query("ALTER TABLE note ALTER COLUMN words TYPE text")
    pg_cluster.wait_until_caught_up()


def read(here: Site, *, times: int = 1) -> list[tuple[object, ...]]:
    with here.using("replica") as connection:
        for _ in range(times):
            with connection.prepared_cursor() as cursor:
                cursor.execute(COUNT, [0])
                rows: list[tuple[object, ...]] = cursor.fetchall()
        with connection.cursor() as cursor:
            cursor.execute(PREPARED)
            assert cursor.fetchone()[0] == (times > 1)
    return rows


@pytest.mark.usefixtures("_changed_column")
def test_a_read_whose_plan_is_of_the_former_table_is_run_again(eu_site: Site, pg_cluster: Cluster) -> None:
    pg_cluster.primary.query("INSERT INTO note (words) VALUES ('kept')")
    pg_cluster.wait_until_caught_up()
    assert read(eu_site, times=5) == [(1, "kept")]

    pg_cluster.primary.query("ALTER TABLE note ALTER COLUMN words TYPE varchar(40)")
    pg_cluster.wait_until_caught_up()

    assert read(eu_site) == [(1, "kept")]


def test_the_log_of_queries_shows_a_prepared_statement_with_its_values(eu_site: Site) -> None:
    with eu_site.using("replica") as connection, CaptureQueriesContext(connection) as log:
        connection.prepared_cursor().execute(COUNT, [7])

    assert [query["sql"] for query in log.captured_queries] == ["SELECT id, words FROM note WHERE id >= 7"]
