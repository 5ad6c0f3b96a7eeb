"""Pages, by their path."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from cms.delivery import answers, openapi, queries
from cms.delivery import schemas as shapes
from cms.delivery.problems import Problem
from cms.delivery.rows import locale_of
from cms.delivery.schemas import Reading
from cms.delivery.sql import uuid_text
from cms.delivery.views.base import CONTENT, ContentView
from cms.delivery.views.one import one_document
from cms.delivery.views.responses import small_json


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
        return one_document(http, found.row, reading, now=now, levels=levels)


def _redirect(http: HttpRequest, found: queries.Found, reading: Reading) -> HttpResponse:
    row = found.row
    if row is not None and row.url_path is not None:
        locale = reading.site.locales_by_id[locale_of(row)]
        to = reading.site.url(locale, row.url_path)
        return small_json(http, answers.redirect(to, found.status), [(uuid_text(row.document_id) or "", row.version)])
    if found.target_url:
        return small_json(http, answers.redirect(found.target_url, found.status), [(found.target_url, found.status)])
    raise Problem("not-found", "The page is no longer published.")
