"""How does a test see and steer routing? For the tests of any project that uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.test import override_settings

from reliability.routing import current, snapshots
from reliability.routing.topology import Snapshot


@contextmanager
def override_routing(**options: Any) -> Iterator[None]:
    """Change options of ROUTING, in small letters: `with override_routing(captured_writes="error"):`."""
    changed = {key.upper(): value for key, value in options.items()}
    with override_settings(ROUTING={**getattr(settings, "ROUTING", {}), **changed}):
        yield


@contextmanager
def override_snapshot(snapshot: Snapshot) -> Iterator[None]:
    """Pretend that the last probes found this; use it where no prober runs."""
    before = current.snapshot()
    snapshots.publish(snapshot)
    try:
        yield
    finally:
        snapshots.publish(before)


def served_by(response: HttpResponseBase) -> tuple[str, str, str]:
    """Tell who answered: region and colour of the process, and role of the node (`primary`, `replica` or `none`)."""
    region, colour, role = response.headers["X-Served-By"].split("/")
    return region, colour, role


def assert_served_by(response: HttpResponseBase, role: str, *, node: str | None = None) -> None:
    """Fail unless the answer came from a node of this role, and from this one when it is named."""
    found = served_by(response)[2]
    timing = response.headers.get("Server-Timing", "")
    if found != role:
        raise AssertionError(f"The answer came from a {found}, not from a {role} ({timing or 'no query ran'}).")
    if node is not None and f'db;desc="{node}"' not in timing:
        raise AssertionError(f"The answer did not come from {node} ({timing or 'no query ran'}).")
