"""Measure what people notice of three regions, and print it as a table.

Run it with `manage.py shell -c "from tests.cluster.lab.numbers import main; main()"`.
It starts a lab of its own, takes three minutes, and ends everything. DEAD_SECONDS=5 makes it shorter.
"""

import os
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg

from reliability.lab.laboratory import Laboratory
from reliability.lab.node import Node
from reliability.lab.orders import ORDERS
from reliability.lab.promoter import LocalPromoter, record_epoch
from tests.cluster.lab.content import EDITOR, PAGES
from tests.cluster.lab.people import LISTS, TIMEOUT_SECONDS, TOKEN, Editor, Readers, editor, form_of, url
from tests.cluster.lab.running import running_lab

DEAD_SECONDS = float(os.environ.get("DEAD_SECONDS", "60"))
FAULT_SECONDS = 6
THINK_SECONDS = (0.05, 0.5)
WRITES = 4
READS = 10
"""After each write, with a pause to think before each."""
LAG_SECONDS = 0.2


def main() -> None:
    """Measure one thing after the other; the last ones replace the primary."""
    with running_lab() as (lab, port), editor(first_port=port) as ada:
        ada.sign_in(**EDITOR, region=0)
        found = httpx.get(url("/api/v1/documents/?limit=50", region=0, first_port=port), timeout=10).json()["items"]
        pages = [each for each in found if each["path"].startswith("/page-")]
        public = ["/", *(f"/api/v1/documents/{each['id']}/" for each in pages)]
        for seconds in (0, LAG_SECONDS):
            _local(lab, port, ada, [each["id"] for each in pages], seconds=seconds)
        for fault in ("kill", "hang"):
            _fault(lab, port, public, fault)
        _dead(lab, port, ada, [*public, *LISTS], pages[0]["id"])


def _local(lab: Laboratory, port: int, ada: Editor, documents: list[str], *, seconds: float) -> None:
    for standby in lab.nodes.standbys:
        standby.delay(seconds=seconds)
    with ThreadPoolExecutor(PAGES) as threads:
        people = [threads.submit(_person, port, ada, each, 1 + n % 2) for n, each in enumerate(documents)]
        reads = [read for person in people for read in person.result()]
    for standby in lab.nodes.standbys:
        standby.delay(seconds=0)
    local = 100 * sum(is_local for is_local, _, _ in reads) / len(reads)
    stale, naive = sum(is_stale for _, is_stale, _ in reads), sum(is_stale for _, _, is_stale in reads)
    _row(f"served in the region, lag {seconds:g} s", f"{local:.1f} % of {len(reads)} reads", "100 %")
    _row(f"stale own reads, lag {seconds:g} s", str(stale), str(naive))


def _person(port: int, ada: Editor, document: str, region: int) -> list[tuple[bool, bool, bool]]:
    """Write, think, read; each time also without the token, as a naive router would: is local, is stale, the same."""
    reads = []
    api = url(f"/api/v1/documents/{document}/", region=region, first_port=port)
    with httpx.Client(timeout=TIMEOUT_SECONDS) as program:
        for number in range(WRITES):
            title = f"{number} {time.monotonic()}"
            form = f"/admin/cms_content/document/{document}/change/"
            token = ada.save(form, region=0, op="publish", title=title).headers[TOKEN]
            for _ in range(READS):
                time.sleep(random.uniform(*THINK_SECONDS))
                naive, mine = program.get(api), program.get(api, headers={TOKEN: token})
                token = mine.headers.get(TOKEN, token)
                is_local = mine.headers["X-Served-By"].endswith("/replica")
                reads.append((is_local, mine.json()["title"] != title, naive.json()["title"] != title))
    return reads


def _fault(lab: Laboratory, port: int, paths: list[str], fault: str) -> None:
    readers, naive = Readers(port, paths), _Naive(lab.nodes["eu-1"].url)
    with readers.reading():
        time.sleep(1)
        naive.start()
        ORDERS[fault](lab, node="eu-1")
        time.sleep(FAULT_SECONDS)
    ORDERS["resume"](lab, node="eu-1")
    naive.join()
    time.sleep(3)
    _row(f"standby: {fault}; read errors", _errors(readers), naive.outcome)
    _row(f"standby: {fault}; slowest read", f"{max(readers.seconds):.2f} s", "")


def _dead(lab: Laboratory, port: int, ada: Editor, paths: list[str], document: str) -> None:
    form = f"/admin/cms_content/document/{document}/change/"
    opened = {**form_of(ada.get(form, region=1)), "f.title": ["After"], "op": ["publish"]}
    readers, refused = Readers(port, paths, ada.client.cookies), []
    with readers.reading():
        ORDERS["kill"](lab, node="us-1")
        until = time.monotonic() + DEAD_SECONDS
        while time.monotonic() < until:
            refused.append(ada.post(form, opened, region=len(refused) % 3).status_code)
            time.sleep(1)
    _row(f"primary dead for {DEAD_SECONDS:g} s; read errors", _errors(readers), "")
    _row("writes meanwhile", f"{refused.count(503)} of {len(refused)} refused with the form", "")
    promoted: list[float] = []

    def record(node: Node) -> None:
        promoted.append(time.monotonic())
        record_epoch(node)

    with ThreadPoolExecutor(1) as threads:
        saved = threads.submit(_until_saved, lambda: ada.post(form, opened, region=1).status_code)
        LocalPromoter(lab.nodes, record=record).promote("eu-1")
        first = saved.result()
    _row("new primary writable to first save", f"{first - promoted[0]:.2f} s", "")


def _until_saved(save: Callable[[], int]) -> float:
    while save() == httpx.codes.SERVICE_UNAVAILABLE:
        time.sleep(0.05)
    return time.monotonic()


class _Naive(threading.Thread):
    """Reads from the standby of the region over one connection, as a router without probes would."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.outcome = "none"
        self._connection = psycopg.connect(address, autocommit=True)

    def run(self) -> None:
        until = time.monotonic() + 3
        try:
            while time.monotonic() < until:
                began = time.monotonic()
                self._connection.execute("SELECT 1")
                if time.monotonic() - began > 1:
                    self.outcome = f"one read waited {time.monotonic() - began:.1f} s, until the node came back"
                time.sleep(0.1)
        except psycopg.Error:
            self.outcome = "every read fails"
        finally:
            self._connection.close()


def _errors(readers: Readers) -> str:
    return f"{len(readers.errors)} of {len(readers.statuses)} {set(readers.errors) or ''}".strip()


def _row(what: str, ours: str, naive: str) -> None:
    sys.stdout.write(f"| {what} | {ours} | {naive} |\n")
    sys.stdout.flush()
