"""What becomes of a site that is asked four times as much as it can do? OVERLOAD_SECONDS=20 is the short form."""

import http.client
import math
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure
from tests.bench.waiting import PATH
from tests.cluster.health.running import Instance, instance

SLOTS, FACTOR = 4, 4
CALM_SECONDS = 10
OVERLOAD_SECONDS = float(os.environ.get("OVERLOAD_SECONDS", "60"))
SLICE_SECONDS = 2.5
CALLERS = 200
"""Threads that send: more than can be under way at once, so that the load does not wait for the site."""
IN_A_ROW = 40
"""Good answers after which the site counts as recovered."""
TIMEOUT_SECONDS = 30


@dataclass
class Tally:
    """What was answered: the seconds that each good answer took, and how many were refused or failed."""

    good: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    failed: int = 0
    began: float = field(default_factory=time.monotonic)
    slices: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    """The good answers of each SLICE_SECONDS."""

    def add(self, took: float) -> None:
        self.good.append(took)
        self.slices[int((time.monotonic() - self.began) / SLICE_SECONDS)].append(took)

    def usual(self, percent: int) -> float:
        """Give the percentile of the usual slice: other work on the machine disturbs some of them."""
        return median(self.percentile(percent, each) for each in self.slices.values())

    def percentile(self, percent: int, of: list[float]) -> float:
        return sorted(of)[math.ceil(len(of) * percent / 100) - 1] * 1000 if of else math.inf


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Find the capacity, ask four times as much, and wait until all is as before."""
    inherited = {name: value for name, value in os.environ.items() if name.startswith("CMS_")}
    settings = {**inherited, "CMS_REQUEST_SLOTS": str(SLOTS)}
    settings.pop("CMS_DATA_DIR")
    with instance(folder / "instance", **settings) as site:
        site.folder.mkdir()
        site.start_web("tests.bench.waiting:application")
        site.start_ops()
        site.wait_until("/readyz", 200)
        _closed(site, seconds=2)
        calm = _closed(site, seconds=CALM_SECONDS)
        capacity = len(calm.good) / CALM_SECONDS
        storm = _open(site, rate=FACTOR * capacity, seconds=OVERLOAD_SECONDS)
        recovery = _recover(site)
    return _figures(calm, storm, capacity, recovery)


def _figures(calm: Tally, storm: Tally, capacity: float, recovery: float) -> list[Figure]:
    normal, under_load = calm.usual(99), storm.usual(99)
    sent = len(storm.good) + len(storm.refused) + storm.failed
    return [
        Figure("capacity", capacity, "requests/s"),
        Figure("asked", sent / OVERLOAD_SECONDS / capacity, "times that"),
        Figure("goodput", len(storm.good) / OVERLOAD_SECONDS / capacity * 100, "% of it", 80.0, is_at_least=True),
        Figure("accepted, p99, normal", normal, "ms"),
        Figure("accepted, p99, overload", under_load / normal, "times that", 2.0),
        Figure("the same, over all of it", storm.percentile(99, storm.good) / normal, "times that"),
        Figure("refused, p99", storm.percentile(99, storm.refused), "ms"),
        Figure("neither accepted nor refused", storm.failed, "requests", 0.0),
        Figure("recovery", recovery, "s", 5.0),
    ]


def _closed(site: Instance, *, seconds: float) -> Tally:
    """Have as many callers as there are slots, each asking again when it was answered."""
    tally, end = Tally(), time.monotonic() + seconds

    def ask_on() -> None:
        while time.monotonic() < end:
            _ask(site, tally)

    _together(SLOTS, ask_on)
    return tally


def _open(site: Instance, *, rate: float, seconds: float) -> Tally:
    """Ask at a fixed rate, however long the answers take."""
    tally, began = Tally(), time.monotonic()
    with ThreadPoolExecutor(CALLERS) as pool:
        for number in range(int(rate * seconds)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            pool.submit(_ask, site, tally)
    return tally


def _recover(site: Instance) -> float:
    """Wait until as many callers as there are slots get nothing but good answers; gives the seconds till that began."""
    began = good_since = time.monotonic()
    good = 0
    while good < IN_A_ROW:
        tally = Tally()
        _together(SLOTS, partial(_ask, site, tally))
        good += len(tally.good)
        if tally.refused or tally.failed:
            good, good_since = 0, time.monotonic()
    return good_since - began


def _together(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(site: Instance, tally: Tally) -> None:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", site.web_port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", PATH, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        is_told = answer.status == 503 and "Retry-After" in answer.headers
    except (OSError, http.client.HTTPException):
        tally.failed += 1
        return
    finally:
        connection.close()
    took = time.monotonic() - began
    if answer.status == 200:
        tally.add(took)
    elif is_told:
        tally.refused.append(took)
    else:
        tally.failed += 1
