"""A receiver of alerts: as strict as PagerDuty's Events API v2, and as patient as any webhook."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY_LENGTH = 32
SUMMARY_MAX, DEDUP_KEY_MAX = 1024, 255
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
ENQUEUE = "/v2/enqueue"


@dataclass
class Receiver:
    """What came in, in order: events for PagerDuty, with what was wrong with them, and other notifications by path."""

    url: str
    events: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    """Monotonic seconds, and the event."""
    faults: list[str] = field(default_factory=list)
    others: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def found(self, action: str) -> list[tuple[float, dict[str, Any]]]:
        """Give the events of one action."""
        return [(at, event) for at, event in self.events if event.get("event_action") == action]

    def posted_to(self, path: str) -> list[dict[str, Any]]:
        """Give what came in at a path."""
        return [content for at, content in self.others if at == path]


def faults_of(event: Any) -> list[str]:
    """Find what PagerDuty would refuse, after the description of its Events API v2."""
    if not isinstance(event, dict):
        return ["the body is no object"]
    found = []
    if not isinstance(key := event.get("routing_key"), str) or len(key) != KEY_LENGTH or not key.isalnum():
        found.append("routing_key must be 32 letters and digits")
    if (action := event.get("event_action")) not in ACTIONS:
        found.append(f"event_action must be one of {', '.join(ACTIONS)}")
    dedup = event.get("dedup_key", "")
    if not isinstance(dedup, str) or len(dedup) > DEDUP_KEY_MAX or (action != "trigger" and not dedup):
        found.append(f"dedup_key must be text of at most {DEDUP_KEY_MAX} characters, and there to resolve")
    return found + (_faults_of_payload(event.get("payload")) if action == "trigger" else [])


def _faults_of_payload(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["payload must be an object"]
    found = []
    if not isinstance(summary := payload.get("summary"), str) or not 0 < len(summary) <= SUMMARY_MAX:
        found.append(f"payload.summary must have 1 to {SUMMARY_MAX} characters")
    if not isinstance(source := payload.get("source"), str) or not source:
        found.append("payload.source must be text")
    if payload.get("severity") not in SEVERITIES:
        found.append(f"payload.severity must be one of {', '.join(SEVERITIES)}")
    return found


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listen on a free loopback port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    known = Receiver(f"http://127.0.0.1:{server.server_port}")
    server.known = known  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        known: Receiver = self.server.known  # type: ignore[attr-defined]
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        faults = faults_of(content) if self.path == ENQUEUE else []
        if self.path != ENQUEUE:
            known.others.append((self.path, content))
        elif faults:
            known.faults.extend(faults)
        else:
            known.events.append((time.monotonic(), content))
        self._answer(400 if faults else 202, {"status": "invalid event" if faults else "success", "errors": faults})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name of the library)
        """Say nothing."""
