"""How is an answer sent? Its headers: tag, lifetime, keys for purging, and who may read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from cms.delivery import answers, caching, cursor, queries, types
from cms.delivery import schemas as shapes
from cms.delivery.rows import Depends, Row
from cms.delivery.schemas import Reading
from cms.delivery.sql import instant, uuid_text

EXPOSED = "ETag, Link, Retry-After, X-Consistency-Token, X-Content-Version"


def tag_of(
    http: HttpRequest, rows: Sequence[Row], resolved: queries.Resolved, *, extra: Sequence[tuple[str, int]] = ()
) -> str:
    """Compute the tag of an answer before it is written."""
    used = answers.used(rows, resolved.targets, resolved.assets)
    return caching.etag(f"{shapes.canonical(http)}&cursor={http.GET.get('cursor', '')}", [*used, *extra])


def is_current(http: HttpRequest | Request, tag: str) -> bool:
    """Tell whether the client's copy is still right. From META, for `headers` would read all that it sent."""
    return caching.is_current(http.META.get("HTTP_IF_NONE_MATCH"), tag)


def content(body: str, tag: str, rows: Sequence[Row], now: datetime) -> HttpResponse:
    """Answer with JSON text."""
    response = HttpResponse(body.encode(), content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = caching.cache_control(now=now, next_flip=_next_flip(rows))
    return opened(response)


def not_modified(tag: str, rows: Sequence[Row], now: datetime) -> HttpResponse:
    """Say that the client's copy is still right."""
    response = HttpResponse(status=304)
    response["ETag"] = tag
    response["Cache-Control"] = caching.cache_control(now=now, next_flip=_next_flip(rows))
    return opened(response)


def small_json(http: HttpRequest | Request, body: str, versions: Sequence[tuple[str, int]]) -> HttpResponse:
    """Answer with JSON that is small to make: the tag hashes the bytes."""
    tag = caching.etag(body, versions)
    if is_current(http, tag):
        return not_modified(tag, [], timezone.now())
    return content(body, tag, [], timezone.now())


def opened(response: HttpResponse) -> HttpResponse:
    """Let pages of any origin read an answer."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response._csp_exempt = True  # type: ignore[attr-defined]  # data is no page; a policy would say nothing
    return response


def next_page(http: HttpRequest, last: Sequence[Any]) -> str:
    """Build the address of the next page; `last` is the place of the last row that was shown."""
    query = [(key, value) for key, value in http.GET.items() if key != "cursor"]
    query.append(("cursor", cursor.encode(shapes.canonical(http), last)))
    return f"{http.path}?{urlencode(query, safe='[],:')}"


def list_keys(reading: Reading, keys: Sequence[str], rows: Sequence[Row], resolved: queries.Resolved) -> str:
    """Give the keys by which a list is purged: a change of any of its documents, and a new one of its types."""
    type_keys = keys or [each.key for each in types.documents()]
    coarse = [f"t:{reading.site.key}:{key}:{locale.code}" for key in type_keys for locale in reading.chain]
    own = [f"d:{uuid_text(row.document_id)}" for row in rows]
    return caching.surrogate_keys([*coarse, *own, *target_keys(resolved.depends)], collapsed=coarse)


def target_keys(depends: Depends) -> list[str]:
    """Give the keys by which an answer is purged when one of its targets changes."""
    return [*(f"k:{key}" for key in depends.keys), *(f"a:{asset}" for asset in depends.assets)]


def _next_flip(rows: Sequence[Row]) -> datetime | None:
    return min((instant(row.visible_until) for row in rows if row.visible_until), default=None)
