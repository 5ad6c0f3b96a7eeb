"""How long does a probe take? A process of its own, which nothing else delays: prints milliseconds as JSON.

python -m tests.bench.probing COUNT NAME=PORT ...
"""

import http.client
import json
import sys
import time

PAUSE_SECONDS = 0.01
"""Between two probes: many more than an orchestrator sends, and no load test."""
PATHS = ("/livez", "/readyz")


def main(count: int, ports: dict[str, int]) -> dict[str, list[float]]:
    """Ask all servers in turns, on a new connection each time, as an orchestrator does."""
    times: dict[str, list[float]] = {name: [] for name in ports}
    for number in range(count):
        for name, port in ports.items():
            time.sleep(PAUSE_SECONDS)
            times[name].append(_time(port, PATHS[number % len(PATHS)]))
    return times


def _time(port: int, path: str) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    connection.close()
    assert answer.status == 200, (port, path, answer.status)
    return took


if __name__ == "__main__":
    pairs = [argument.partition("=") for argument in sys.argv[2:]]
    print(json.dumps(main(int(sys.argv[1]), {name: int(port) for name, _, port in pairs})))
