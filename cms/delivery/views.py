"""The content API, version 1: what is published, for programs."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from cms.delivery import answers, caching, cursor, openapi, queries, search, types
from cms.delivery import schemas as shapes
from cms.delivery.including import included
from cms.delivery.problems import Problem, handle
from cms.delivery.rows import Depends, Row, locale_of
from cms.delivery.schemas import Listing, Reading
from cms.delivery.sql import instant, uuid_text

EXPOSED = "ETag, Link, Retry-After, X-Consistency-Token, X-Content-Version"
READING = ("site", "locale", "fallback")
CONTENT = (*READING, "include")
PAGE = ("limit", "cursor")


class FirstRenderer(BaseContentNegotiation):
    """There is one form of answer, whatever the client says that it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        first = next(iter(renderers))
        return first, first.media_type


class ContentView(APIView):
    """A read of published content: no cookie, no session, the same answer for everybody."""

    content_negotiation_class = FirstRenderer
    http_method_names = ["get", "head", "options"]

    def get_exception_handler(self) -> Any:
        return handle

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a browser that asks whether it may (CORS preflight)."""
        response = HttpResponse(status=204)
        response["Allow"] = ", ".join(self.allowed_methods)
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "If-None-Match, X-Consistency-Token"
        response["Access-Control-Max-Age"] = "86400"
        return _open(response)


class Index(ContentView):
    """Where everything is."""

    @openapi.operation("readIndex", "List the addresses of the API", "Index")
    def get(self, request: Request) -> HttpResponse:
        """List the addresses of the API."""
        shapes.refuse_unknown(request.GET, ())
        names = ("documents", "pages", "search", "assets", "types", "docs")
        body = {name: f"/api/v1/{name}/" for name in names} | {"openapi": "/api/v1/openapi.json"}
        return _json(request, answers.dump(body), [("index", 1)])


class DocumentList(ContentView):
    """Published documents, a page at a time."""

    @openapi.operation(
        "listDocuments",
        "List published documents",
        "DocumentList",
        *openapi.READING,
        openapi.INCLUDE,
        openapi.FIELDS,
        openapi.TYPE,
        openapi.FILTER,
        openapi.ORDER,
        *openapi.PAGING,
        missing=True,
    )
    def get(self, request: Request) -> HttpResponse:
        """List documents by type, locale and filters, newest first unless `order` says otherwise."""
        http = request._request
        shapes.refuse_unknown(http.GET, (*CONTENT, *PAGE, "type", "order"), shapes.FILTER, shapes.FIELDS)
        now = timezone.now()
        reading, wanted = shapes.read_reading(http), shapes.read_listing(http)
        found = queries.documents(
            reading.site,
            reading.chain,
            wanted.conditions,
            wanted.order,
            after=wanted.after,
            limit=wanted.limit + 1,
            now=now,
        )
        rows = [row for row, _ in found[: wanted.limit]]
        more = included(rows, reading, now=now) if reading.include else []
        resolved = queries.resolve([*rows, *more], reading.site, reading.chain, now=now)
        next_url = _next(http, _last(found, wanted)) if len(found) > wanted.limit else None
        tag = _tag(http, [*rows, *more], resolved)
        if caching.is_current(http.headers.get("If-None-Match"), tag):
            return _not_modified(tag, rows, now)
        body = answers.listing(rows, reading, resolved, more, next_url)
        response = _content(body, tag, rows, now)
        response["Surrogate-Key"] = _list_keys(reading, wanted.types, rows, resolved)
        if next_url:
            response["Link"] = f'<{next_url}>; rel="next"'
        return response


class DocumentDetail(ContentView):
    """One published document."""

    @openapi.operation(
        "readDocument",
        "Show a document",
        "DocumentDetail",
        *openapi.READING,
        openapi.INCLUDE,
        openapi.FIELDS,
        missing=True,
    )
    def get(self, request: Request, document_id: str) -> HttpResponse:
        """Show a document; with `locale` its translation."""
        http = request._request
        shapes.refuse_unknown(http.GET, CONTENT, shapes.FIELDS)
        now = timezone.now()
        reading = shapes.read_reading(http)
        chain = reading.chain if reading.locale_was_given else ()
        row = queries.document(shapes.read_id(document_id), reading.site, chain, now=now)
        if row is None:
            raise Problem("not-found", "No document with this id is published.")
        return _one(http, row, reading, now=now)


class Page(ContentView):
    """One published page, by its path."""

    @openapi.operation(
        "readPage",
        "Show the page at a path",
        {"oneOf": [{"$ref": "#/components/schemas/Page"}, {"$ref": "#/components/schemas/Redirect"}]},
        openapi.PATH,
        openapi.TREE,
        *openapi.READING,
        openapi.INCLUDE,
        openapi.FIELDS,
        missing=True,
    )
    def get(self, request: Request) -> HttpResponse:
        """Show the page at `path`; a former path answers where the page is now. `tree` adds the pages below."""
        http = request._request
        shapes.refuse_unknown(http.GET, (*CONTENT, "path", "tree"), shapes.FIELDS)
        now = timezone.now()
        path, levels = shapes.read_path(http.GET), shapes.read_tree(http.GET)
        reading = shapes.read_reading(http)
        found = queries.at_path(path, reading.site, reading.chain, now=now)
        if found is None:
            raise Problem("not-found", f"No page is published at {path}.")
        if found.row is None or found.row.url_path != path:
            return _redirect(http, found, reading)
        return _one(http, found.row, reading, now=now, levels=levels)


class Search(ContentView):
    """Full text search."""

    @openapi.operation(
        "search",
        "Search the full text",
        "SearchResults",
        openapi.SEARCH,
        openapi.SITE,
        openapi.LOCALE,
        openapi.TYPE,
        openapi.FIELDS,
        *openapi.PAGING,
        missing=True,
    )
    def get(self, request: Request) -> HttpResponse:
        """Find documents of one locale by their words, best first, with highlights."""
        http = request._request
        shapes.refuse_unknown(http.GET, ("site", "locale", *PAGE, "type", "q"), shapes.FIELDS)
        now = timezone.now()
        reading, text = shapes.read_reading(http, include=False), shapes.read_search(http.GET)
        after, limit = shapes.read_after(http, ("rank", "time", "ref")), shapes.read_limit(http.GET)
        keys = shapes.read_types(http.GET)
        found = search.search(text, reading.site, reading.locale, keys, after=after, limit=limit + 1, now=now)
        hits = found[:limit]
        rows = [hit.row for hit in hits]
        resolved = queries.resolve(rows, reading.site, reading.chain, now=now)
        last = hits[-1] if hits else None
        next_url = (
            _next(http, [last.rank, instant(last.row.published_at).isoformat(), uuid_text(last.row.id)])
            if last and len(found) > limit
            else None
        )
        total = hits[0].total if hits else 0
        tag = _tag(http, rows, resolved, extra=[("total", total)])
        if caching.is_current(http.headers.get("If-None-Match"), tag):
            return _not_modified(tag, rows, now)
        relation = "gte" if total >= search.RANKED_MAX else "eq"
        count = f'{{"value":{total},"relation":"{relation}"}}'
        shown = [(hit.row, hit.rank, hit.excerpt) for hit in hits]
        response = _content(answers.search(shown, count, reading, resolved, next_url), tag, rows, now)
        response["Surrogate-Key"] = _list_keys(reading, keys, rows, resolved)
        return response


class AssetList(ContentView):
    """Files and their renditions."""

    @openapi.operation("listAssets", "List files", "AssetList", *openapi.READING, *openapi.PAGING, missing=True)
    def get(self, request: Request) -> HttpResponse:
        """List assets, newest first."""
        http = request._request
        shapes.refuse_unknown(http.GET, (*READING, *PAGE))
        reading = shapes.read_reading(http, include=False)
        after, limit = shapes.read_after(http, ("time", "ref")), shapes.read_limit(http.GET)
        found = queries.assets(reading.site, after=after, limit=limit + 1)
        rows = [row for row, _ in found[:limit]]
        next_url = _next(http, [instant(found[limit - 1][1]).isoformat(), rows[-1].id]) if len(found) > limit else None
        body = {"items": [answers.asset(row, reading.chain) for row in rows], "links": {"next": next_url}}
        return _json(http, answers.dump(body), [(row.id, row.version) for row in rows])


class AssetDetail(ContentView):
    """One file."""

    @openapi.operation("readAsset", "Show a file", "Asset", *openapi.READING, missing=True)
    def get(self, request: Request, asset_id: str) -> HttpResponse:
        """Show an asset with its renditions."""
        http = request._request
        shapes.refuse_unknown(http.GET, READING)
        reading = shapes.read_reading(http, include=False)
        row = queries.asset(shapes.read_id(asset_id), reading.site)
        if row is None:
            raise Problem("not-found", "There is no asset with this id.")
        return _json(http, answers.dump(answers.asset(row, reading.chain)), [(row.id, row.version)])


class TypeList(ContentView):
    """What documents consist of."""

    @openapi.operation("listTypes", "List types with their JSON Schema", "TypeList")
    def get(self, request: Request) -> HttpResponse:
        """List the types of documents and blocks, with a JSON Schema of the fields of each."""
        shapes.refuse_unknown(request.GET, ())
        items = [
            {**each.definition, "version": each.version, "schema": each.schema} for each in types.current().values()
        ]
        versions = [(each.key, each.version) for each in types.current().values()]
        return _json(request._request, answers.dump({"items": items}), versions)


class OpenApi(ContentView):
    """The description of this API."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        """Give the OpenAPI 3.1 document, made once in a process."""
        shapes.refuse_unknown(request.GET, ())
        return _json(request, openapi_document(), [])


class Docs(ContentView):
    """The description of this API, to read."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        """Show the page. Redoc writes its styles into the page, so this one page allows that."""
        shapes.refuse_unknown(request.GET, ())
        response = render(request._request, "delivery/docs.html")
        response._csp_update = {  # type: ignore[attr-defined]  # how django-csp's own decorators tell its middleware
            "style-src": ["'unsafe-inline'"],
            "worker-src": ["blob:"],
            "connect-src": ["'self'"],
        }
        return response


class Nothing(ContentView):
    """Every other address below the API."""

    schema = None

    def get(self, request: Request, path: str) -> HttpResponse:
        """Say that there is nothing."""
        raise Problem("not-found", f"There is nothing at {request.path}; /api/v1/ lists what there is.")


@cache
def openapi_document() -> str:
    """Write the OpenAPI document; it depends on nothing but the code."""
    generator: Any = SchemaGenerator
    return json.dumps(generator().get_schema(request=None, public=True), ensure_ascii=False, indent=2, sort_keys=True)


def _one(http: HttpRequest, row: Row, reading: Reading, *, now: datetime, levels: int = 0) -> HttpResponse:
    more = included([row], reading, now=now) if reading.include else []
    resolved = queries.resolve([row, *more], reading.site, reading.chain, now=now)
    nodes = (
        queries.navigation(shapes.read_id(uuid_text(row.document_id) or ""), levels=levels, now=now) if levels else []
    )
    extra = [(node.document_id, node.version) for node in nodes]
    tag = _tag(http, [row, *more], resolved, extra=extra)
    if caching.is_current(http.headers.get("If-None-Match"), tag):
        response = _not_modified(tag, [row], now)
    else:
        body = answers.detail(row, reading, resolved, more)
        if levels:
            locale = reading.site.locales_by_id[locale_of(row)]
            below = answers.tree(nodes, reading.site, locale, uuid_text(row.document_id) or "")
            body = f'{body[:-1]},"tree":{answers.dump(below)}}}'
        response = _content(body, tag, [row], now)
        keys = [f"d:{uuid_text(row.document_id)}", f"k:{uuid_text(row.translation_key)}", *_target_keys([row, *more])]
        response["Surrogate-Key"] = caching.surrogate_keys(keys, collapsed=[f"s:{reading.site.key}"])
    response["X-Content-Version"] = str(row.version)
    return response


def _redirect(http: HttpRequest, found: queries.Found, reading: Reading) -> HttpResponse:
    row = found.row
    if row is not None and row.url_path is not None:
        locale = reading.site.locales_by_id[locale_of(row)]
        to = reading.site.url(locale, row.url_path)
        return _json(http, answers.redirect(to, found.status), [(uuid_text(row.document_id) or "", row.version)])
    if found.target_url:
        return _json(http, answers.redirect(found.target_url, found.status), [(found.target_url, found.status)])
    raise Problem("not-found", "The page is no longer published.")


def _tag(
    http: HttpRequest, rows: Sequence[Row], resolved: queries.Resolved, *, extra: Sequence[tuple[str, int]] = ()
) -> str:
    used = answers.used(rows, resolved.targets, resolved.assets)
    return caching.etag(f"{shapes.canonical(http)}&cursor={http.GET.get('cursor', '')}", [*used, *extra])


def _content(body: str, tag: str, rows: Sequence[Row], now: datetime) -> HttpResponse:
    response = HttpResponse(body.encode(), content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = caching.cache_control(now=now, next_flip=_next_flip(rows))
    return _open(response)


def _not_modified(tag: str, rows: Sequence[Row], now: datetime) -> HttpResponse:
    response = HttpResponse(status=304)
    response["ETag"] = tag
    response["Cache-Control"] = caching.cache_control(now=now, next_flip=_next_flip(rows))
    return _open(response)


def _json(http: HttpRequest | Request, body: str, versions: Sequence[tuple[str, int]]) -> HttpResponse:
    """Answer with JSON that is small to make: the tag hashes the bytes."""
    tag = caching.etag(body, versions)
    if caching.is_current(http.headers.get("If-None-Match"), tag):
        return _not_modified(tag, [], timezone.now())
    return _content(body, tag, [], timezone.now())


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response._csp_exempt = True  # type: ignore[attr-defined]  # data is no page; a policy would say nothing
    return response


def _next_flip(rows: Sequence[Row]) -> datetime | None:
    return min((instant(row.visible_until) for row in rows if row.visible_until), default=None)


def _last(found: Sequence[tuple[Row, Any]], wanted: Listing) -> list[str | int | float | None]:
    row, value = found[wanted.limit - 1]
    if wanted.order.column == "time":
        value = instant(value).isoformat()
    return [value if isinstance(value, str) else str(value), uuid_text(row.id)]


def _next(http: HttpRequest, last: Sequence[Any]) -> str:
    query = http.GET.copy()
    query["cursor"] = cursor.encode(shapes.canonical(http), last)
    return f"{http.path}?{query.urlencode(safe='[],:')}"


def _target_keys(rows: Sequence[Row]) -> list[str]:
    depends = Depends(rows)
    return [*(f"k:{key}" for key in depends.keys), *(f"a:{asset}" for asset in depends.assets)]


def _list_keys(reading: Reading, keys: Sequence[str], rows: Sequence[Row], resolved: queries.Resolved) -> str:
    type_keys = keys or [each.key for each in types.documents()]
    coarse = [f"t:{reading.site.key}:{key}:{locale.code}" for key in type_keys for locale in reading.chain]
    own = [f"d:{uuid_text(row.document_id)}" for row in rows]
    return caching.surrogate_keys([*coarse, *own, *_target_keys(rows)], collapsed=coarse)
