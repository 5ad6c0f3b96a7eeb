"""Fixtures for all tests: a database as in production, database clusters, and a real browser."""

import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from reliability.lab.binaries import BinaryMissing
from reliability.lab.cluster import Cluster, cluster
from tests.plugin import is_required

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

    from tests.factories.site import World

CHROMIUM_NAMES = ("chromium", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root with it.
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep the test database in a file, as in production: in memory, SQLite has no WAL and locks differently."""
    from django.conf import settings

    database: dict[str, Any] = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database.setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / f"test-{worker}.sqlite3")


@pytest.fixture(scope="session")
def _lasting_cluster() -> Iterator[Cluster]:
    with _cluster() as nodes:
        yield nodes


@pytest.fixture
def pg_cluster(_lasting_cluster: Cluster) -> Iterator[Cluster]:
    """Give a PostgreSQL primary, us-1, with standbys eu-1 and ap-1, shared by all tests; rows are gone afterwards.

    A test may pause, delay, hang and resume its nodes, and kill standbys. One that kills or replaces the primary
    takes `broken_cluster`.
    """
    yield _lasting_cluster
    _lasting_cluster.reset()


@pytest.fixture
def broken_cluster() -> Iterator[Cluster]:
    """Give a fresh cluster, of the same nodes as `pg_cluster`, that need not be whole at the end."""
    with _cluster() as nodes:
        yield nodes


@contextmanager
def _cluster() -> Iterator[Cluster]:
    try:
        with cluster() as nodes:
            yield nodes
    except BinaryMissing as missing:
        if is_required():
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Give a Chromium without windows, for the tests of one module."""
    from playwright.sync_api import sync_playwright

    program = _chromium()
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code. It is not.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=str(program), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser", live_server: Any) -> Iterator["Page"]:
    """Give an empty page whose addresses begin at the live server; fails on errors of scripts and policies."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if _is_fault(message) else None)
    yield page
    context.close()
    assert errors == []


def _is_fault(message: "ConsoleMessage") -> bool:
    """A refused answer (404, 409) is reported as an error too, and tests ask for those on purpose."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _chromium() -> Path:
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found and not Path(found).resolve().is_relative_to("/snap"):
            return Path(found)
    reason = "Chromium is not installed; run `make servers`."
    if "ubuntu" in platform.freedesktop_os_release().get("ID", ""):
        pytest.skip("Ubuntu has Chromium only as a snap, which tests cannot drive; install google-chrome instead.")
    if is_required():
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _fresh_snapshots() -> Iterator[None]:
    """Drop what this process remembers of the database, which every test has for itself."""
    from cms.accounts import sites
    from cms.content import types as drafts
    from cms.delivery import types as published
    from reliability.flags import process as flags

    for snapshot in (sites, drafts, published, flags):
        snapshot.forget()
    yield
    for snapshot in (sites, drafts, published, flags):
        snapshot.forget()


@pytest.fixture
def world(db: None) -> "World":
    """Give a site with two languages and a published home page."""
    from tests.factories.site import make_world

    return make_world()


@pytest.fixture
def api() -> Client:
    """Give a client of the content API."""
    return Client(headers={"host": "localhost"})
