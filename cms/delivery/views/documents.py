"""Documents: all of them by type, locale and filters, and one by its id."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from cms.delivery import answers, openapi, queries
from cms.delivery import schemas as shapes
from cms.delivery.including import included
from cms.delivery.problems import Problem
from cms.delivery.rows import Row
from cms.delivery.schemas import Listing
from cms.delivery.sql import instant, uuid_text
from cms.delivery.views.base import CONTENT, PAGE, ContentView
from cms.delivery.views.one import one_document
from cms.delivery.views.responses import content, is_current, list_keys, next_page, not_modified, tag_of


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
        next_url = next_page(http, _last(found, wanted)) if len(found) > wanted.limit else None
        tag = tag_of(http, [*rows, *more], resolved)
        if is_current(http, tag):
            return not_modified(tag, rows, now)
        body = answers.listing(rows, reading, resolved, more, next_url)
        response = content(body, tag, rows, now)
        response["Surrogate-Key"] = list_keys(reading, wanted.types, rows, resolved)
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
        return one_document(http, row, reading, now=now)


def _last(found: Sequence[tuple[Row, Any]], wanted: Listing) -> list[str | int | float | None]:
    row, value = found[wanted.limit - 1]
    if wanted.order.column == "time":
        value = instant(value).isoformat()
    return [value if isinstance(value, str) else str(value), uuid_text(row.id)]
