"""On which database do the tests run? Decided before Django reads its settings, hence a plugin and no conftest.

pytest                     SQLite, in a folder of its own
pytest --engine=postgres   a PostgreSQL and a Redis server, started for this run and ended with it
pytest --engine=lagging    the same with a standby that lags, which is read from (tests/lagging.py)
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from reliability.lab.binaries import BinaryMissing
from reliability.lab.servers import postgres, redis
from tests import lagging

ENGINES = ("sqlite", "postgres", "lagging")
LEFT_OUT = {"sqlite": ("postgres", "lagging"), "postgres": ("sqlite", "lagging"), "lagging": ("sqlite",)}
"""Engine -> marks of the tests that do not run on it."""
REQUIRE_SERVERS = "CMS_TEST_REQUIRE_SERVERS"
"""Set to 1: a server that is not installed fails the tests, instead of skipping them."""
POSTGRES_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""No test pulls the plug of this server; the ones that test durability start their own."""

PROBE_DEADLINE_SECONDS = "10"
"""This server does not fail, but eight threads that write keep a probe from being looked at in time."""

POOL_MAX = "20"
"""Connections for each process: some tests write in more threads than a process that serves has."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=ENGINES, default="sqlite", help="database of this run (default: sqlite)")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Prepare the environment before pytest-django reads the settings; workers of xdist inherit it."""
    engine = early_config.known_args_namespace.engine
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, _stop)
        # A shell starts what runs in the background deaf to Ctrl-C, and every child inherits that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        _set_environment(stack, engine=engine)
    elif "CMS_REDIS_URL" in os.environ:
        # A cache of its own: one worker empties it between tests.
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1
        os.environ["CMS_REDIS_URL"] = f"{os.environ['CMS_REDIS_URL'].rpartition('/')[0]}/{number}"
    if engine == "lagging":
        early_config.pluginmanager.register(lagging)
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other engine, and skip all where the servers are missing."""
    others = LEFT_OUT[config.getoption("engine")]
    left_out = [item for item in items if any(item.get_closest_marker(other) for other in others)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    for item in items:
        _open_all_databases(item)
    if reason := os.environ.get("CMS_TEST_SERVERS_MISSING"):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))


def _open_all_databases(item: pytest.Item) -> None:
    """Let tests whose rows are really committed read by every role: a server that answers in threads does."""
    marker = item.get_closest_marker("django_db")
    is_committed = marker is not None and marker.kwargs.get("transaction")
    if is_committed or {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.django_db(transaction=True, databases="__all__"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Iterator[object]:
    """Skip a test that starts a server of its own which is not installed here."""
    try:
        return (yield)
    except BinaryMissing as missing:
        if is_required():
            raise
        pytest.skip(str(missing))


def is_required() -> bool:
    """Tell whether a missing server or browser is a failure."""
    return os.environ.get(REQUIRE_SERVERS) == "1"


def _set_environment(stack: ExitStack, *, engine: str) -> None:
    for name in [name for name in os.environ if name.startswith("CMS_") and not name.startswith("CMS_TEST_")]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="upgrade-cms-tests-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["CMS_DATA_DIR"] = str(folder)
    if engine != "sqlite":
        _start_servers(stack, engine=engine)


def _start_servers(stack: ExitStack, *, engine: str) -> None:
    os.environ["CMS_ROUTING_PROBE_DEADLINE_SECONDS"] = PROBE_DEADLINE_SECONDS
    os.environ["CMS_ROUTING_POOL_MAX"] = POOL_MAX
    os.environ["CMS_ROUTING_CAPTURED_WRITES"] = "error"
    try:
        if engine == "lagging":
            os.environ.update(lagging.start(stack))
        else:
            os.environ["CMS_DATABASE_URL"] = stack.enter_context(postgres(options=POSTGRES_OPTIONS)).url
        os.environ["CMS_REDIS_URL"] = stack.enter_context(redis()).url
    except BinaryMissing as missing:
        if is_required():
            raise pytest.UsageError(str(missing)) from missing
        os.environ["CMS_TEST_SERVERS_MISSING"] = str(missing)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """End as on Ctrl-C, so that fixtures and servers are torn down."""
    raise KeyboardInterrupt
