"""A process hears of changes, survives losing every source, and notices what a failover lost."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from reliability.flags import doorbell, kill, lastgood, process, queries
from reliability.flags.agent import REWIND_SECONDS, Agent
from reliability.flags.api import get_answer, is_enabled
from reliability.flags.models import FlagSet
from reliability.lab.servers import redis
from tests.factories.flags import make_flag
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def state(tmp_path: Path, settings: Any) -> Path:
    settings.FLAGS = {**settings.FLAGS, "STATE_DIR": str(tmp_path), "KILL": [], "KILL_WATCH": ""}
    return tmp_path


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that answers nobody."""

    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(queries, "set_version", refuse)


def booted() -> Agent:
    agent = Agent()
    agent.boot()
    return agent


def test_a_change_is_taken_over_by_the_next_poll(state: Path) -> None:
    agent = booted()
    make_flag(default="on")

    assert agent.poll()
    assert agent.holder.current.evaluate("new-editor", False, {}).value is True
    assert not agent.poll()


def test_a_start_without_a_database_uses_what_was_known_last(state: Path, no_database: None) -> None:
    agent = Agent()
    rows = [queries.as_row(make_flag(default="on"))]
    lastgood.write(state / lastgood.FILE, rows, version=7, token="t")

    assert agent.boot() == "file"
    assert agent.holder.current.version == 7
    assert agent.holder.current.evaluate("new-editor", False, {}).value is True


def test_a_torn_file_is_not_believed(state: Path, no_database: None) -> None:
    file = state / lastgood.FILE
    lastgood.write(file, [queries.as_row(make_flag())], version=7, token="t")
    file.write_text(file.read_text()[:-20])

    assert Agent().boot() == "code"


def test_the_file_of_the_image_is_used_when_there_is_nothing_newer(
    state: Path, settings: Any, no_database: None
) -> None:
    image = state / "image.jsonl"
    settings.FLAGS = {**settings.FLAGS, "BOOTSTRAP": str(image)}
    lastgood.write(image, [queries.as_row(make_flag(default="on"))], version=0, token="image")

    agent = Agent()

    assert (agent.boot(), is_answered(agent)) == ("image", True)


def is_answered(agent: Agent) -> bool:
    return agent.holder.current.evaluate("new-editor", False, {}).value is True


def test_what_is_known_is_saved_and_read_back_whole(state: Path) -> None:
    make_flag(targeting={"if": [{"in": ["Zürich", {"var": "groups"}]}, "on"]},
              overrides=[{"when": {"region": ["eu-west"]}, "serve": "off"}])  # fmt: skip
    agent = booted()

    agent.save()

    known = lastgood.read(state / lastgood.FILE)
    assert known is not None
    assert known.version == 1
    assert known.rows == tuple(entry.row for entry in agent.holder.current.entries.values())


def test_a_lagging_node_undoes_nothing(state: Path) -> None:
    make_flag(default="on")
    agent = booted()
    FlagSet.objects.update(version=0)

    assert not agent.poll()
    assert agent.holder.current.version == 1


def test_a_version_that_stays_lower_is_a_lost_change_and_all_is_read_anew(state: Path) -> None:
    make_flag(default="on")
    make_flag("second")
    clock = [0.0]
    agent = Agent(monotonic=lambda: clock[0])
    agent.boot()
    FlagSet.objects.update(version=1, token="other")

    assert not agent.poll()
    clock[0] = REWIND_SECONDS + 1
    assert agent.poll()
    assert agent.holder.current.version == 1


def test_the_same_version_with_another_token_is_a_lost_change(state: Path) -> None:
    flag = make_flag(default="on")
    agent = booted()
    flag.definition = flag.definition.replace('"defaultVariant": "on"', '"defaultVariant": "off"')
    flag.save()
    FlagSet.objects.update(token="other")

    assert agent.poll()
    assert agent.holder.current.evaluate("new-editor", True, {}).value is False


def test_a_question_needs_neither_query_nor_socket(state: Path, django_assert_num_queries: Any) -> None:
    make_flag(default="on")
    process.current()

    with django_assert_num_queries(0), pytest.MonkeyPatch.context() as patch:
        patch.setattr("socket.socket.connect", lambda *args: pytest.fail("A socket was opened."))
        assert is_enabled("new-editor")


def test_a_kill_in_a_file_needs_no_database(state: Path, no_database: None) -> None:
    agent = process.current()
    lines = state / kill.FILE
    lines.write_text("new-editor # it burns\nnonsense key!\n")

    assert agent.watch.look()
    answer = get_answer("new-editor", True)
    assert (answer.value, answer.reason) == (True, "DISABLED")

    lines.unlink()
    assert agent.watch.look()
    assert get_answer("new-editor", True).reason == "ERROR"


def test_a_local_kill_serves_the_declared_variant_and_is_not_lifted_by_the_database(state: Path) -> None:
    make_flag(default="on")
    agent = process.current()
    kill.write_local(state, "new-editor", is_on=True)
    agent.watch.look()

    assert (is_enabled("new-editor"), get_answer("new-editor", False).variant) == (False, "off")

    kill.write_local(state, "new-editor", is_on=False)
    agent.watch.look()
    assert is_enabled("new-editor")


def test_a_star_kills_releases_and_experiments_and_nothing_else(state: Path) -> None:
    make_flag("release", default="on")
    make_flag("ops", default="on", kind="ops")
    (state / kill.FILE).write_text("*\n")

    process.current().watch.look()

    assert (is_enabled("release"), is_enabled("ops")) == (False, True)


@pytest.fixture
def bell(settings: Any) -> Iterator[None]:
    with redis() as server:
        settings.FLAGS = {**settings.FLAGS, "REDIS_URL": server.url}
        yield


@pytest.mark.sqlite
def test_a_ring_is_heard_at_once(state: Path, bell: None) -> None:
    listening, heard = doorbell.Doorbell(), []
    assert listening.wait(0.01) is None

    def listen() -> None:
        end = time.monotonic() + 10
        while not heard and time.monotonic() < end:
            found = listening.wait(0.2)
            if found:
                heard.append(found)

    thread = threading.Thread(target=listen)
    thread.start()
    doorbell.ring(42)
    thread.join()

    assert heard[0]["v"] == 42


def test_a_lost_doorbell_only_costs_time(state: Path, settings: Any) -> None:
    settings.FLAGS = {**settings.FLAGS, "REDIS_URL": "redis://127.0.0.1:1/0"}
    began = time.monotonic()

    doorbell.ring(1)

    assert doorbell.Doorbell().wait(0.01) is None
    assert time.monotonic() - began < 5


@pytest.mark.django_db(transaction=True)
def test_another_thread_takes_a_change_over_and_saves_it(state: Path) -> None:
    agent, stop = booted(), threading.Event()

    def poll() -> None:
        while not stop.is_set():
            process._poll(agent)
            time.sleep(0.02)
        connection.close()

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        make_flag(default="on")
        wait_until(lambda: agent.holder.current.version == 1)
    finally:
        stop.set()
        thread.join()

    assert lastgood.read(state / lastgood.FILE) is not None
