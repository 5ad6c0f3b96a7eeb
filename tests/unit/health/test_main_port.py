"""On the main port health is answered before anything else: no host is checked, no cookie set, no slot taken."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from reliability.health import process
from reliability.health.beats import Beat
from reliability.health.verdicts import Picture
from reliability.health.wsgi import Probes

HERE = Picture(now=100.0, beats=[Beat(role="web", pid=1, at=99.5, is_started=True)])


def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("404 Not Found", [])
    return [b"site"]


@pytest.fixture(autouse=True)
def _picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "ensure_started", lambda: SimpleNamespace(picture=lambda: HERE))


def ask(path: str, **environ: Any) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    body = Probes(site)({"PATH_INFO": path, "REQUEST_METHOD": "GET", **environ}, lambda *given: told.extend(given))
    return told[0], dict(told[1]), b"".join(body)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz", "/regionz"])
def test_a_probe_by_the_address_of_the_pod_is_answered(path: str) -> None:
    status, headers, body = ask(path, HTTP_HOST="10.1.2.3:8000")

    assert (status, body) == ("200 OK", b'{"status": "pass"}')
    assert set(headers) == {"Content-Type", "Content-Length", "Cache-Control"}


def test_asking_for_the_head_gives_no_body() -> None:
    status, headers, body = ask("/livez", REQUEST_METHOD="HEAD")

    assert (status, headers["Content-Length"], body) == ("200 OK", "18", b"")


@pytest.mark.parametrize("path", ["/", "/livez/", "/livezz", "/admin/livez", ""])
def test_every_other_address_is_the_site(path: str) -> None:
    assert ask(path)[2] == b"site"
