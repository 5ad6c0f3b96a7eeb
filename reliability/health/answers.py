"""What is sent for a health path? Status, headers and body, the same on the ops port, in WSGI and in Django.

The long form has the shape of application/health+json, whose draft has expired: a shape, no standard that is claimed.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from reliability.health import configuration, verdicts
from reliability.health.probes import Standing
from reliability.health.verdicts import Picture, Verdict

BRIEF, LONG = "application/json", "application/health+json"
ASK = "Details need the header `Authorization: Bearer` with the value of CMS_HEALTH_TOKEN, or the ops port."
METHODS = ("GET", "HEAD")
PATHS: Mapping[str, Callable[[Picture], Verdict]] = {
    "/livez": verdicts.live,
    "/startupz": verdicts.started,
    "/readyz": verdicts.ready,
    "/regionz": verdicts.region,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes
    allow: str = ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        allow = [("Allow", self.allow)] if self.allow else []
        size = str(len(self.body))
        return [("Content-Type", self.content_type), ("Content-Length", size), ("Cache-Control", "no-store"), *allow]


def answer(
    path: str, query: str, picture: Picture, *, method: str = "GET", authorization: str = "", is_trusted: bool = False
) -> Answer:
    """Answer one of PATHS from a picture. `is_trusted`: everybody who can ask may have the details."""
    if method not in METHODS:
        return Answer(405, BRIEF, b'{"detail": "Send GET or HEAD."}', allow=", ".join(METHODS))
    asked = parse_qs(query)
    decide = PATHS[path]
    if path == "/regionz" and asked.get("for") == ["writes"]:
        decide = partial(verdicts.region, for_writes=True)
    verdict = decide(picture)
    status = 503 if verdict.status == "fail" else 200
    if asked.get("verbose", ["0"])[-1] not in ("1", "true", "on"):
        return _brief(status, verdict)
    if is_trusted or is_token(authorization):
        return Answer(status, LONG, _encode(_long(verdict, picture)))
    return _brief(status, verdict, note=ASK)


def is_token(authorization: str) -> bool:
    """Tell whether a header presents HEALTH_TOKEN; takes the same time whatever is wrong with it."""
    scheme, _, given = authorization.partition(" ")
    wanted = configuration.token()
    is_same = hmac.compare_digest(given.strip().encode(), wanted.encode())
    return bool(wanted) and scheme.lower() == "bearer" and is_same


def _brief(status: int, verdict: Verdict, *, note: str = "") -> Answer:
    """Say yes or no, and for a no the reason; what only warns is for those who may see the details."""
    body: dict[str, Any] = {"status": verdict.status}
    if verdict.status == "fail":
        body["reasons"] = list(verdict.reasons)
    if note:
        body["note"] = note
    return Answer(status, BRIEF, _encode(body))


def _long(verdict: Verdict, picture: Picture) -> dict[str, Any]:
    wall = datetime.now(tz=UTC)

    def when(at: float) -> str:
        return (wall - timedelta(seconds=picture.now - at)).isoformat(timespec="seconds")

    return {
        "status": verdict.status,
        **configuration.identity(),
        "reasons": list(verdict.reasons),
        "checks": {each.name: [_check(each, when)] for each in picture.standings},
        "processes": [
            {
                "role": beat.role,
                "pid": beat.pid,
                "time": when(beat.at),
                "alive": beat.is_fresh(picture.now),
                "started": beat.is_started,
                "draining": beat.is_draining,
            }
            for beat in picture.beats
        ],
    }


def _check(standing: Standing, when: Callable[[float], str]) -> dict[str, Any]:
    check: dict[str, Any] = {
        "status": standing.status,
        "scope": standing.scope,
        "observedValue": round(standing.value, 3),
        "observedUnit": standing.unit,
        "time": when(standing.at),
    }
    if standing.affects:
        check["affects"] = list(standing.affects)
    if standing.error:
        check["error"] = standing.error
    if standing.bad_since is not None:
        check["since"] = when(standing.bad_since)
    return check


def _encode(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
