"""People who use a site: they read, sign in, ask for flags and publish; and one of each thing that goes wrong."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg

from tests.cluster.slo.conftest import Region
from tests.factories.people import PASSWORD

PATHS = ("/", "/api/v1/documents/?type=page", "/api/v1/search/?q=page", "/nothing/", "/robots.txt")
FLAG = "site-avif"
WORK = "from tests.cluster.slo import seed; seed.work()"
ASKED = {"context": {"targetingKey": "somebody"}}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def load(region: Region) -> Iterator[None]:
    """Let people use the site until the end of the block."""
    stop = threading.Event()
    people = [threading.Thread(target=each, args=[region, stop], daemon=True) for each in (_read, _read, _edit, _cut)]
    for each in people:
        each.start()
    try:
        yield
    finally:
        stop.set()
        for each in people:
            each.join()


def happen(region: Region) -> None:
    """Let one of each event happen that no ordinary day has."""
    region.site.start(["manage.py", "shell", "--verbosity=0", "-c", WORK], "work")
    region.site.manage("flags", "kill", FLAG, "--reason", "a test")
    region.site.manage("routing", "read-only", "--minutes", "1", "--reason", "a test")
    with httpx.Client(base_url=region.site.url, timeout=20) as client:
        _sign_in(client)
    region.site.manage("routing", "read-only", "--off")


def _read(region: Region, stop: threading.Event) -> None:
    with httpx.Client(base_url=region.site.url, timeout=20) as client:
        while not stop.wait(0.05):
            for path in PATHS:
                client.get(path)
            client.post(f"/ofrep/v1/evaluate/flags/{FLAG}", json=ASKED)


def _edit(region: Region, stop: threading.Event) -> None:
    with httpx.Client(base_url=region.site.url, timeout=20) as client:
        while not stop.wait(0.3):
            _sign_in(client)
            client.get("/admin/")
            client.get("/admin/cms_content/document/")
            client.get("/")  # with the token of what was written


def _sign_in(client: httpx.Client) -> None:
    found = TOKEN.search(client.get("/admin/login/", follow_redirects=True).text)
    person = {"username": "ada@example.org", "password": PASSWORD, "csrfmiddlewaretoken": found[1] if found else ""}
    client.post("/admin/login/", data=person, headers={"referer": str(client.base_url)})


def _cut(region: Region, stop: threading.Event) -> None:
    """Cut readers off from the standby now and then: their queries run again on another connection or node."""
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> %s"
    )
    while not stop.wait(1):
        with psycopg.connect(region.nodes["eu-1"].application_url.partition("?")[0], autocommit=True) as connection:
            connection.execute(others, [connection.info.backend_pid])
