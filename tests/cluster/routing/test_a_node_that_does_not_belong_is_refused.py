"""Wrong addresses and wrong clusters: the process starts, reads from what is right, and says what is wrong."""

from collections.abc import Iterator

import pytest

from reliability.lab.cluster import Cluster
from reliability.lab.processes import free_port
from reliability.lab.servers import Postgres, postgres
from reliability.routing import current
from tests.cluster.routing.conftest import make_tables, site


@pytest.fixture
def stranger() -> Iterator[Postgres]:
    """Give a server that has nothing to do with the cluster."""
    with postgres() as server:
        yield server


def test_a_server_of_another_cluster_is_refused_and_named(
    pg_cluster: Cluster, stranger: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = f"{stranger.url}?node=eu-9&region=eu-west"

    with site(pg_cluster, replicas=[wrong]) as here:
        make_tables(here)

        assert here.node_of("replica") == "us-1"
        refused = here.wait_for(lambda snapshot: snapshot.by_name["eu-9"].is_fenced).by_name["eu-9"]

    assert refused.reason.startswith("another cluster: system identifier ")
    assert "node eu-9 is refused: another cluster" in caplog.text


def test_a_wrong_address_leaves_the_primary_to_read_from(pg_cluster: Cluster) -> None:
    wrong = f"postgres://cms@127.0.0.1:{free_port()}/cms?node=eu-9&region=eu-west"

    with site(pg_cluster, replicas=[wrong]) as here:
        assert here.node_of("replica") == "us-1"
        assert "Connection refused" in current.snapshot().by_name["eu-9"].reason


def test_a_password_is_in_no_message(pg_cluster: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    wrong = "postgres://nobody:very-secret@127.0.0.1:{}/cms?node=eu-9&region=eu-west".format(pg_cluster["eu-1"].port)

    with site(pg_cluster, replicas=[wrong]) as here:
        here.node_of("replica")
        told = here.wait_for(lambda snapshot: bool(snapshot.by_name["eu-9"].reason)).by_name["eu-9"]

    assert "does not exist" in told.reason
    assert "very-secret" not in caplog.text + repr(told) + told.reason
