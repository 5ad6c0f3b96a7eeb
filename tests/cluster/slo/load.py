"""People who use a site: they read, sign in, ask for flags and publish; and one of each thing that goes wrong."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.cluster.slo.conftest import Region
from tests.factories.people import PASSWORD
from tests.waiting import wait_until

PATHS = ("/", "/api/v1/documents/?type=page", "/api/v1/search/?q=page", "/nothing/", "/robots.txt")
READ_SECONDS, EDIT_SECONDS = 0.2, 3.0
"""Pauses: enough for every series to move, and little enough for one machine."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
WORK = "from tests.cluster.slo import seed; seed.work({!r})"


@contextmanager
def load(region: Region) -> Iterator[None]:
    """Let people use the site until the end of the block."""
    stop = threading.Event()
    people = [threading.Thread(target=each, args=[region, stop], daemon=True) for each in (_read, _edit)]
    for each in people:
        each.start()
    standby = region.nodes["eu-1"].application_url.partition("?")[0]
    region.site.start(["manage.py", "shell", "--verbosity=0", "-c", WORK.format(standby)], "work")
    try:
        yield
    finally:
        stop.set()
        for each in people:
            each.join()


def refuse_a_write(region: Region) -> None:
    """Let somebody meet a site that is read-only."""
    region.site.manage("routing", "read-only", "--minutes", "1", "--reason", "a test")
    with httpx.Client(base_url=region.site.url, timeout=20) as client:
        # Each process hears of the order with its next look at the database.
        wait_until(lambda: _is_refused(client))
    region.site.manage("routing", "read-only", "--off")
    region.site.manage("routing", "wait", "--for", "30")


def _read(region: Region, stop: threading.Event) -> None:
    with httpx.Client(base_url=region.site.url, timeout=20) as client:
        while not stop.wait(READ_SECONDS):
            for path in PATHS:
                client.get(path)


def _edit(region: Region, stop: threading.Event) -> None:
    with httpx.Client(base_url=region.site.url, timeout=20) as client:
        while not stop.wait(EDIT_SECONDS):
            _sign_in(client)
            client.get("/admin/")
            client.get("/admin/cms_content/document/")
            client.get("/")  # with the token of what was written


def _is_refused(client: httpx.Client) -> bool:
    time.sleep(0.5)  # More than a few attempts in a minute would be refused for their number.
    return _sign_in(client).status_code == 503


def _sign_in(client: httpx.Client) -> httpx.Response:
    found = TOKEN.search(client.get("/admin/login/", follow_redirects=True).text)
    person = {"username": "ada@example.org", "password": PASSWORD, "csrfmiddlewaretoken": found[1] if found else ""}
    return client.post("/admin/login/", data=person, headers={"referer": str(client.base_url)})
