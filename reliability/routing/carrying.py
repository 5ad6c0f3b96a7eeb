"""Which position did this request bring, and which does its answer take along? Header and cookie, signed."""

import logging
import re
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponseBase

from reliability.routing import current, losses, metrics
from reliability.routing.current import options, token_keys
from reliability.routing.decision import PRIMARY, REPLICA
from reliability.routing.position import Position, later, latest
from reliability.routing.session import RequestState
from reliability.routing.token import Token, TokenRejected, decode, encode, merge
from reliability.routing.topology import Snapshot

logger = logging.getLogger(__name__)
HEADER = "X-Consistency-Token"
META_HEADER = "HTTP_X_CONSISTENCY_TOKEN"
COOKIE = "__Host-consistency"
PLAIN_COOKIE = "consistency"
"""Its name where the site does not speak https: browsers refuse the other one there."""
SETTLED_LAGS = 2
"""After this many of the longest lags even a node that was away cannot come back without what was written then."""


def presented(request: HttpRequest, snapshot: Snapshot, *, now: float) -> Token | None:
    """Read what the client has seen; a token that does not count is counted, and otherwise no token."""
    header, cookies = request.META.get(META_HEADER), request.META.get("HTTP_COOKIE")
    if header is None and cookies is None:
        return None  # Most readers carry neither.
    cookie = in_cookies(cookies, cookie_name()) if cookies else None
    if header is None or cookie is None:
        return read(header or cookie, snapshot, now=now)
    return merge(read(text, snapshot, now=now) for text in (header, cookie))


def read(text: str | None, snapshot: Snapshot, *, now: float) -> Token | None:
    """Read a token; one that does not count is counted, and otherwise no token."""
    if not text:
        return None
    try:
        return decode(
            text, system_id=snapshot.system_id, keys=token_keys(), now=now, ttl_seconds=options().token_ttl_seconds
        )
    except TokenRejected:
        metrics.token_checks.labels("rejected").inc()
        return None


def in_cookies(cookies: str, name: str) -> str | None:
    """Find the value of a cookie that needs no quotes; reading all of them costs as much as all the rest here."""
    found = _cookie(name).findall(cookies)
    return found[-1] if found else None


@lru_cache(maxsize=4)
def _cookie(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|;)\s*{re.escape(name)}=([^;\s]*)")


def write(position: Position, snapshot: Snapshot, *, now: float) -> str:
    """Write the token of a position."""
    return encode(position, system_id=snapshot.system_id, issued_at=now, key=token_keys()[0])


def finish(request: HttpRequest, response: HttpResponseBase, state: RequestState, token: Token | None) -> None:
    """Let the answer carry what its reader has now seen or written.

    A cookie is set only on answers that wrote, and removed when it has nothing to say any more, so that the answers to
    readers stay cacheable. Programs get a token for each they send: raised to what this answer has shown.
    """
    now, snapshot = time.time(), current.snapshot()
    if state.has_written:
        asked = position_now(PRIMARY, state.autocommit_wrote)
        if asked is not None:
            state.note_commit(asked)
            losses.acknowledge(asked)  # Writes within a transaction were, when it ended.
        if state.commit is not None:
            text = write(state.commit, snapshot, now=now)
            response.headers[HEADER] = text
            response.set_cookie(cookie_name(), text, max_age=int(options().token_ttl_seconds), **_cookie_attributes())
    elif META_HEADER in request.META and token is not None:
        # What became of an unknown position is told when it is known: until then it is not raised.
        is_known = state.status != "unknown"
        shown = latest((state.shown, position_now(REPLICA), position_now(PRIMARY))) if is_known else None
        response.headers[HEADER] = write(later(token.position, shown) or token.position, snapshot, now=now)
    elif token is not None and (state.status == "lost" or is_settled(token, snapshot, now=now)):
        response.set_cookie(cookie_name(), "", max_age=0, **_cookie_attributes())


def is_settled(token: Token, snapshot: Snapshot, *, now: float) -> bool:
    """Tell whether every node that reads has passed it, and those that do not answer cannot come back behind it."""
    if not snapshot.have_all_passed(token.position):
        return False
    are_all_there = len(snapshot.readable) == len(snapshot.nodes)
    return are_all_there or now - token.issued_at > SETTLED_LAGS * current.limits_in_force(snapshot).seconds


def position_now(role: str, is_needed: bool = True) -> Position | None:
    """Ask how far the node is whose connection this thread holds; None: it holds none, or the node is gone."""
    if not is_needed:
        return None
    try:
        position: Position | None = connections[role].read_position()  # type: ignore[attr-defined]  # our engine's
    except (DatabaseError, InterfaceError) as error:
        logger.warning("no position from a node (%s); its reader keeps the former one", type(error).__name__)
        return None
    return position


def cookie_name() -> str:
    """Name the cookie: the `__Host-` prefix needs https."""
    return COOKIE if settings.SESSION_COOKIE_SECURE else PLAIN_COOKIE


def _cookie_attributes() -> dict[str, Any]:
    return {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax", "path": "/"}
