"""The ten lines of the README, in a project that has nothing else of ours, against a real cluster."""

from collections.abc import Iterator

import httpx
import pytest

from reliability.lab.cluster import Cluster, cluster
from reliability.routing.testing import assert_served_by
from tests.cluster.routing.bare import Project, lines_of_the_readme
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    with cluster() as whole:
        yield whole


@pytest.fixture(scope="module")
def project(nodes: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("bare"), nodes)
    made.manage("migrate", "--verbosity=0")
    nodes.wait_until_caught_up()
    return made


@pytest.fixture(scope="module")
def client(project: Project) -> Iterator[httpx.Client]:
    with project.served() as served:
        yield served


@pytest.fixture(autouse=True)
def _whole(nodes: Cluster, client: httpx.Client) -> Iterator[None]:
    client.cookies.clear()
    # A standby that stands still before it has the row of the first epoch answers nobody.
    nodes.wait_until_caught_up()
    wait_until(lambda: 'desc="eu-1"' in client.get("/names/").headers["Server-Timing"])
    yield
    nodes["eu-1"].resume_replay()
    nodes.wait_until_caught_up()


def test_ten_lines_are_enough(nodes: Cluster, project: Project) -> None:
    lines = [line for line in lines_of_the_readme(nodes, "eu-west").splitlines() if line]

    assert len(lines) <= 10
    assert "no issues" in project.manage("check", "--database", "default", "--database", "replica")


def test_a_read_is_answered_in_the_region(client: httpx.Client) -> None:
    answer = client.get("/names/")

    assert_served_by(answer, "replica", node="eu-1")  # type: ignore[arg-type]
    assert answer.headers["X-Served-By"] == "eu-west/blue/replica"
    assert "X-Consistency-Token" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_an_answer_without_a_query_says_so(client: httpx.Client) -> None:
    answer = client.get("/nothing/")

    assert answer.headers["X-Served-By"] == "eu-west/blue/none"
    assert "Server-Timing" not in answer.headers


def test_who_writes_sees_it_at_once_while_the_standby_stands_still(nodes: Cluster, client: httpx.Client) -> None:
    nodes["eu-1"].pause_replay()

    written = client.post("/write/", data={"name": "own"})
    own = client.get("/names/")
    client.cookies.clear()
    others = client.get("/names/")

    assert_served_by(written, "primary")  # type: ignore[arg-type]
    assert "consistency=" in written.headers["Set-Cookie"]
    assert "own" in own.json()
    assert 'desc="eu-1"' not in own.headers["Server-Timing"]
    assert "own" not in others.json()


def test_a_program_carries_its_token_by_itself(nodes: Cluster, client: httpx.Client) -> None:
    nodes["eu-1"].pause_replay()
    token = client.post("/write_at_once/", data={"name": "by token"}).headers["X-Consistency-Token"]
    client.cookies.clear()

    answer = client.get("/names/", headers={"X-Consistency-Token": token})

    assert "by token" in answer.json()
    assert answer.headers["X-Consistency-Token"].startswith("v1.")
    assert "Set-Cookie" not in answer.headers


def test_a_forged_token_is_no_token(client: httpx.Client) -> None:
    answer = client.get("/names/", headers={"X-Consistency-Token": "v1.forged"})

    assert_served_by(answer, "replica", node="eu-1")  # type: ignore[arg-type]
    assert "X-Consistency-Token" not in answer.headers


def test_the_cookie_goes_when_every_node_has_passed_it(nodes: Cluster, client: httpx.Client) -> None:
    client.post("/write/", data={"name": "passed"})
    assert "consistency" in client.cookies
    nodes.wait_until_caught_up()

    wait_until(lambda: client.get("/names/").status_code == 200 and "consistency" not in client.cookies)


def test_strong_reads_come_from_the_primary(client: httpx.Client) -> None:
    assert_served_by(client.get("/strong/"), "primary", node="us-1")  # type: ignore[arg-type]


def test_a_get_that_writes_is_run_once_more_on_the_primary(client: httpx.Client) -> None:
    answer = client.get("/captured/", params={"name": "captured"})

    assert (answer.status_code, answer.json()) == (200, ["captured"])
    assert_served_by(answer, "primary")  # type: ignore[arg-type]
    assert client.get("/strong/").json().count("captured") == 1
