"""What may a request ask for? The parameters of the content API, read and checked. Anything unknown is refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, QueryDict

from cms.accounts.sites import LocaleEntry, SiteEntry, current
from cms.delivery import types
from cms.delivery.cursor import CursorBroken, CursorMismatch, decode
from cms.delivery.filters import (
    DEFAULT_ORDER,
    Condition,
    FilterRefused,
    Order,
    Wanted,
    conditions,
    order,
    read_order_value,
    type_condition,
)
from cms.delivery.problems import Problem, parameter

LIMIT_DEFAULT, LIMIT_MAX = 20, 100
INCLUDE_DEPTH_MAX = 3
TREE_LEVELS_MAX = 3
QUERY_MAX = 200
"""Longest search text in characters."""
FILTER = re.compile(r"^filter\[([a-z][a-z0-9_]{0,39})\](?:\[([a-z]{1,10})\])?$")
FIELDS = re.compile(r"^fields(?:\[([a-z][a-z0-9_]{0,39})\])?$")


@dataclass(frozen=True)
class Reading:
    """Whose content, in which languages, and which parts of it."""

    site: SiteEntry
    locale: LocaleEntry
    chain: tuple[LocaleEntry, ...]
    locale_was_given: bool
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Wanted field keys by type; the key "" stands for every type."""
    include: tuple[tuple[str, ...], ...] = ()
    """Paths of field keys to include, such as ("author", "employer")."""

    def fields_of(self, type_key: str) -> frozenset[str] | None:
        """Give the wanted fields of a type; None means all."""
        return self.fields.get(type_key, self.fields.get(""))


@dataclass(frozen=True)
class Listing:
    """One page of a list."""

    conditions: tuple[Condition, ...]
    order: Order
    after: tuple[Any, ...] | None
    limit: int
    types: tuple[str, ...]


def canonical(request: HttpRequest) -> str:
    """Write path and parameters in one form, whatever their order: what ETags and cursors are bound to."""
    pairs = sorted((key, value) for key, values in request.GET.lists() for value in values if key != "cursor")
    return f"{request.path}?" + "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)


def refuse_unknown(query: QueryDict, allowed: Sequence[str], *patterns: re.Pattern[str]) -> None:
    """Insist that every parameter is known and given once. Raises Problem."""
    for key, values in query.lists():
        if key not in allowed and not any(pattern.match(key) for pattern in patterns):
            raise parameter(key, f"No such parameter; known are: {', '.join(allowed)}.")
        if len(values) > 1:
            raise parameter(key, "Give it once; separate several values by commas.")
        if "\x00" in values[0]:
            raise parameter(key, "A zero byte cannot be part of a value.")


def read_site(request: HttpRequest) -> SiteEntry:
    """Find the site that is asked: by the parameter, else by the host. Raises Problem."""
    key = request.GET.get("site")
    sites = current()
    if key is not None:
        if key not in sites.by_key:
            raise parameter("site", f"No such site; known are: {', '.join(sites.by_key)}.")
        return sites.by_key[key]
    site = sites.for_host(request.get_host())
    if site is None:
        raise Problem("not-found", "There is no site yet; `manage.py demo load` makes one.")
    return site


def read_reading(request: HttpRequest, *, include: bool = True) -> Reading:
    """Read site, locale, fallback, fields and include. Raises Problem."""
    query = request.GET
    site = read_site(request)
    code = query.get("locale")
    locale = _locale(site, code)
    fallback = query.get("fallback")
    if fallback not in (None, "none"):
        raise parameter("fallback", "The only value is none; leave it out to follow the locale's fallbacks.")
    chain = (locale,) if fallback == "none" else site.chain(locale.code)
    fields = _fields(query)
    paths = _include(query.get("include")) if include else ()
    return Reading(site, locale, chain, code is not None, fields, paths)


def read_listing(request: HttpRequest) -> Listing:
    """Read type, filters, order, limit and cursor. Raises Problem."""
    query = request.GET
    keys = _types(query.get("type"))
    filterable = _filterable(keys)
    wanted = [
        Wanted(key, match[1], match[2] or "eq", str(value))
        for key, value in query.items()
        if (match := FILTER.match(key)) is not None
    ]
    try:
        built = conditions(wanted, types=keys, filterable=filterable)
        ordering = order(query.get("order", DEFAULT_ORDER), types=keys, filterable=filterable)
        after = read_after(request, (ordering.column, "ref"))
    except FilterRefused as refused:
        raise parameter(refused.parameter, refused.message, kind=refused.kind) from refused
    if keys:
        built.insert(0, type_condition(keys))
    return Listing(tuple(built), ordering, after, read_limit(query), keys)


def read_limit(query: QueryDict) -> int:
    """Read how many rows one page holds. Raises Problem."""
    return _whole_number(query, "limit", default=LIMIT_DEFAULT, highest=LIMIT_MAX)


def read_tree(query: QueryDict) -> int:
    """Read how many levels of navigation are wanted; 0 is none. Raises Problem."""
    return _whole_number(query, "tree", default=0, highest=TREE_LEVELS_MAX) if "tree" in query else 0


def read_path(query: QueryDict) -> str:
    """Read the path of a page. Raises Problem."""
    path = query.get("path", "")
    if not path.startswith("/") or len(path) > 2_000:
        raise parameter("path", "Give the path of a page, from the first slash on, such as /about/.")
    return path if path.endswith("/") else f"{path}/"


def read_search(query: QueryDict) -> str:
    """Read what is searched for. Raises Problem."""
    text = " ".join(query.get("q", "").split())
    if not text or len(text) > QUERY_MAX:
        raise parameter("q", f"Give 1 to {QUERY_MAX} characters to search for.")
    return text


def read_after(request: HttpRequest, columns: Sequence[str]) -> tuple[Any, ...] | None:
    """Read the place where the next page begins, out of the cursor; None on the first page. Raises Problem."""
    cursor = request.GET.get("cursor")
    if cursor is None:
        return None
    try:
        last = decode(canonical(request), cursor)
        if len(last) != len(columns):
            raise CursorBroken(cursor)
        return tuple(_reader(column)(value) for value, column in zip(last, columns, strict=True))
    except CursorMismatch:
        raise parameter("cursor", "It was made for another query.", kind="cursor-mismatch") from None
    except (CursorBroken, FilterRefused, ValueError):
        raise parameter("cursor", "It is not a cursor of ours; take it from `links.next` as it is.") from None


def read_types(query: QueryDict) -> tuple[str, ...]:
    """Read the wanted types. Raises Problem."""
    return _types(query.get("type"))


def read_id(text: str) -> UUID:
    """Read an id out of an address. Raises Problem."""
    try:
        return UUID(text)
    except ValueError:
        raise Problem("not-found", "There is nothing with this id.") from None


def _reader(column: str) -> Callable[[Any], Any]:
    if column == "rank":
        return float
    return lambda value: read_order_value(value, column)


def _locale(site: SiteEntry, code: str | None) -> LocaleEntry:
    if code is None:
        return site.default_locale
    if code not in site.locales:
        raise parameter("locale", f"The site has no such locale; it has: {', '.join(site.locales)}.")
    return site.locales[code]


def _types(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    known = {each.key for each in types.documents()}
    keys = tuple(dict.fromkeys(text.split(",")))
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise parameter("type", f"No such type: {unknown[0][:60]!r}; known are: {', '.join(sorted(known))}.")
    return keys


def _filterable(keys: Sequence[str]) -> dict[str, str]:
    """Give the fields that every one of the types can be filtered by."""
    tables = [each.filterable for each in types.documents(keys)] if keys else []
    return {key: column for key, column in tables[0].items() if all(key in each for each in tables)} if tables else {}


def _fields(query: QueryDict) -> dict[str, frozenset[str]]:
    wanted: dict[str, frozenset[str]] = {}
    for key, value in query.items():
        match = FIELDS.match(key)
        if match:
            wanted[match[1] or ""] = _known_fields(key, match[1], str(value))
    return wanted


def _known_fields(name: str, type_key: str | None, value: str) -> frozenset[str]:
    all_types = types.current()
    if type_key is not None and type_key not in all_types:
        raise parameter(name, f"No such type: {type_key!r}.")
    known = (
        all_types[type_key].field_keys if type_key else frozenset().union(*(t.field_keys for t in types.documents()))
    )
    keys = frozenset(value.split(",")) if value else frozenset()
    unknown = sorted(keys - known)
    if unknown:
        message = f"No such field: {unknown[0][:60]!r}; known are: {', '.join(sorted(known))}."
        raise parameter(name, message, kind="unknown-field")
    return keys


def _include(text: str | None) -> tuple[tuple[str, ...], ...]:
    if text is None:
        return ()
    known = frozenset({"translations"}).union(*(each.field_keys for each in types.documents()))
    paths = tuple(tuple(path.split(".")) for path in dict.fromkeys(text.split(",")))
    for path in paths:
        if len(path) > INCLUDE_DEPTH_MAX:
            raise parameter("include", f"At most {INCLUDE_DEPTH_MAX} levels deep.")
        unknown = [key for key in path if key not in known]
        if unknown:
            raise parameter("include", f"No such field: {unknown[0][:60]!r}.", kind="unknown-field")
    return paths


def _whole_number(query: QueryDict, name: str, *, default: int, highest: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= highest:
        raise parameter(name, f"Give a whole number from 1 to {highest}.")
    return int(text)
