"""How soon is a lost database seen, and does a probe answer meanwhile? All slots taken, the database a black hole."""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from reliability.lab import processes
from reliability.lab.links import Link, network
from tests.bench.figures import Figure
from tests.bench.processes import cpu_seconds
from tests.cluster.health.running import ROOT, SLOW, Instance, instance
from tests.waiting import wait_until

SLOTS, ROUNDS, PROBES = 4, 5, 200
LOOK_SECONDS = 0.02
WATCHED_SECONDS = 20
BARE = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200), self.end_headers(), self.wfile.write(b"ok")
    def log_message(self, *ignored): pass
ThreadingHTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""
"""A server that does nothing but answer: what it takes is the machine's and the client's."""


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Lose and restore the database a few times, and ask all the while."""
    with network() as links:
        link = links.open(target=urlsplit(os.environ["CMS_DATABASE_URL"]).port or 0)
        with instance(folder / "instance", **_settings(link)) as site:
            site.folder.mkdir()
            site.start_web(SLOW)
            site.start_ops()
            site.wait_until("/readyz", 200)
            idle = _idle_cpu(site)
            with ThreadPoolExecutor(SLOTS) as pool:
                for _ in range(SLOTS):
                    pool.submit(site.web, f"/stay{folder}/go", timeout=300)
                wait_until(lambda: f"limits_slots_in_use {SLOTS}.0" in site.ops("/metrics")[1])
                figures = _rounds(site, link)
                (folder / "go").touch()
    return [*figures, Figure("ops process, CPU while nothing happens", idle, "ms each s")]


def _settings(link: Link) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name.startswith("CMS_")}
    address = urlsplit(os.environ["CMS_DATABASE_URL"])
    url = address._replace(netloc=f"cms@127.0.0.1:{link.port}").geturl()
    own = {"CMS_DATABASE_URL": url, "CMS_REQUEST_SLOTS": str(SLOTS), "CMS_REQUEST_SECONDS": "300"}
    return {**{name: value for name, value in inherited.items() if name != "CMS_DATA_DIR"}, **own}


def _idle_cpu(site: Instance) -> float:
    pid = site.running["ops"].pid
    before, began = cpu_seconds(pid), time.monotonic()
    time.sleep(WATCHED_SECONDS)
    return (cpu_seconds(pid) - before) / (time.monotonic() - began) * 1000


def _rounds(site: Instance, link: Link) -> list[Figure]:
    workers, seen, recovered, rounds = site.workers(), [], [], []
    bare = processes.free_port()
    site.start("bare", sys.executable, "-c", BARE.format(port=bare))
    ports = {"ops": site.ops_port, "main": site.web_port, "bare": bare}
    wait_until(lambda: not processes.is_port_free(bare))
    for _ in range(ROUNDS):
        link.blackhole()
        seen.append(_wait_for(site, "fail"))
        rounds.append(_probe(ports))
        link.heal()
        recovered.append(_wait_for(site, "pass"))
    restarts = len(set(site.workers()) ^ set(workers))
    return [
        Figure("probe on the ops port, p99", _best(rounds, "ops", 99), "ms", 10.0),
        Figure("probe on the ops port, p50", _best(rounds, "ops", 50), "ms"),
        Figure("probe on the main port, p99", _best(rounds, "main", 99), "ms"),
        Figure("a bare server beside them, p99", _best(rounds, "bare", 99), "ms"),
        Figure("loss of the database seen, worst", max(seen), "s", 5.0),
        Figure("recovery seen, worst", max(recovered), "s", 2.0),
        Figure("recovery seen, median", statistics.median(recovered), "s"),
        Figure("processes restarted", restarts, "", 0.0),
    ]


def _wait_for(site: Instance, status: str) -> float:
    """Wait until the probe of reads has this status; gives the seconds."""
    began = time.monotonic()
    while site.ops("/readyz?verbose=1")[1]["checks"]["reads"][0]["status"] != status:
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def _probe(ports: dict[str, int]) -> dict[str, list[float]]:
    """Time probes from a process of its own, in milliseconds."""
    words = [f"{name}={port}" for name, port in ports.items()]
    command = [sys.executable, "-m", "tests.bench.probing", str(PROBES), *words]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, list[float]] = json.loads(asked.stdout)
    return found


def _best(rounds: list[dict[str, list[float]]], name: str, percent: int) -> float:
    """Give the percentile of the round that other work on the machine disturbed least."""
    return min(_percentile(found[name], percent) for found in rounds)


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]
