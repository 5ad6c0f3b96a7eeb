"""What does it cost to be watched? The same small site unwatched, watched by us, and by the packages as they come.

All on means: metrics shared by processes, one log line for each request, a tenth of the requests traced and sent.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from reliability.lab.processes import free_port
from tests.bench.figures import Figure
from tests.otlp import sink

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = ("off", "ours", "stock")
ROUNDS = int(os.environ.get("ROUNDS", "120"))
REQUESTS = {"trivial": 200, "page": 20, "direct": 1_000}
"""Of a round: short ones, so that some of them run undisturbed."""
ROUNDS_A_BATCH = 10
STRANGERS = 10_000
FILES = 8
COUNT_IN_FILES = """
import django; django.setup()
from reliability.telemetry import requests
requests.begin_at_zero()
for route in ("api/v1/documents/", "api/v1/search/"):
    for status in (200, 304, 400, 404):
        requests.observer("GET", route, status, "public").note(0.01)
"""
SCRAPE = """
import django, time; django.setup()
from reliability.telemetry.metrics import render
seconds = []
for _ in range(5):
    began = time.process_time()
    content = render().content
    seconds.append(time.process_time() - began)
print(min(seconds), sum(not line.startswith(b"#") for line in content.splitlines()))
"""


class Variant:
    """A process that runs rounds."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.telemetry_variant", name],
            cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate(timeout=30)

    def tell(self, command: str) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the process of {self.name} ended")
        return float(answer)


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Measure CPU for each request, what strangers can do, the page of metrics, and an end without a collector."""
    with ExitStack() as stack:
        collector = stack.enter_context(sink())
        environment = {
            "BENCH_FOLDER": str(folder),
            "BENCH_COLLECTOR": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "3600000",  # When spans are sent, the rounds decide.
        }
        variants = {name: stack.enter_context(Variant(name, environment)) for name in VARIANTS}
        cpu = {what: _rounds(variants, what) for what in REQUESTS}
        series = variants["ours"].tell(f"random {STRANGERS}")
        memory = {name: variants[name].tell("memory") for name in VARIANTS}
    return [
        *_of_cpu(cpu),
        Figure("memory of a process, more", memory["ours"] - memory["off"], "MB", 16),
        Figure(f"series that {STRANGERS:,} strange requests make", series, "series", 0),
        *_of_the_page(folder),
        Figure("graceful stop, collector away", _stop(folder, f"http://127.0.0.1:{free_port()}"), "s", 3),
        Figure("graceful stop, collector hangs", _stop_while_it_hangs(folder), "s", 3),
    ]


def _rounds(variants: dict[str, Variant], what: str) -> dict[str, float]:
    """Let the variants take turns. The best round of each counts, which nothing else on the machine disturbed.

    Spans are sent between rounds, in batches as large as those of a busy process; that is added.
    """
    found: dict[str, list[float]] = {name: [] for name in variants}
    sending: dict[str, list[float]] = {name: [] for name in variants}
    for variant in variants.values():
        variant.tell(f"{what} 200")
        variant.tell("send")
    for number in range(1, ROUNDS + 1):
        for name, variant in variants.items():
            found[name].append(variant.tell(f"{what} {REQUESTS[what]}"))
            if number % ROUNDS_A_BATCH == 0:
                sending[name].append(variant.tell("send") / (REQUESTS[what] * ROUNDS_A_BATCH))
    return {name: min(found[name]) + min(sending[name]) for name in variants}


def _of_cpu(cpu: dict[str, dict[str, float]]) -> list[Figure]:
    more = {what: {name: cpu[what][name] - cpu[what]["off"] for name in VARIANTS} for what in cpu}
    percent = {name: more["page"][name] / cpu["page"]["off"] * 100 for name in VARIANTS}
    return [
        Figure("trivial view, unwatched", cpu["trivial"]["off"], "us CPU"),
        Figure("trivial view, more with all on", more["trivial"]["ours"], "us", 100),
        Figure("the same with the stock packages", more["trivial"]["stock"], "us"),
        Figure("five-query page, unwatched", cpu["page"]["off"], "us CPU"),
        Figure("five-query page, more with all on", percent["ours"], "%", 10),
        Figure("the same in time", more["page"]["ours"], "us"),
        Figure("the same with the stock packages", percent["stock"], "%"),
        Figure("ours of the stock packages, trivial", more["trivial"]["ours"] / more["trivial"]["stock"] * 100, "%"),
        Figure("ours of the stock packages, page", more["page"]["ours"] / more["page"]["stock"] * 100, "%"),
        Figure("answer before Django, more with all on", more["direct"]["ours"], "us", 40),
    ]


def _of_the_page(folder: Path) -> list[Figure]:
    """Let some processes of the product count, and measure what reading their page costs."""
    environment = {**os.environ, "CMS_METRICS_DIR": str(folder / "page")}
    for _ in range(FILES):
        subprocess.run([sys.executable, "-c", COUNT_IN_FILES], cwd=ROOT, env=environment, check=True)
    done = subprocess.run(
        [sys.executable, "-c", SCRAPE], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    seconds, series = map(float, done.stdout.split())
    return [
        Figure(f"page of metrics of {FILES} processes", seconds, "s CPU", 0.2),
        Figure("series of an instance that has served", series, "series", 6_000),
    ]


def _stop_while_it_hangs(folder: Path) -> float:
    with sink() as collector:
        collector.delay_seconds = 60
        return _stop(folder, collector.url)


def _stop(folder: Path, collector: str) -> float:
    """Serve traced requests with gunicorn, and measure how long its end takes, in seconds."""
    port = free_port()
    environment = {"BENCH_FOLDER": str(folder), "BENCH_COLLECTOR": collector, "BENCH_RATIO": "1"}
    options = [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4", "--no-control-socket", "--log-level=critical"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.bench.telemetry_served", *options],
        cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip
    _wait(port)
    with ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda _: httpx.get(f"http://127.0.0.1:{port}/page/", timeout=20), range(300)))
    began = time.monotonic()
    server.terminate()
    server.wait(timeout=60)
    return time.monotonic() - began


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/trivial/", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn did not answer")
