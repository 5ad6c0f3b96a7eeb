"""Full text search."""

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from cms.delivery import answers, flags, openapi, queries, search
from cms.delivery import schemas as shapes
from cms.delivery.sql import instant, uuid_text
from cms.delivery.views.base import PAGE, ContentView
from cms.delivery.views.responses import content, is_current, list_keys, next_page, not_modified, tag_of


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
        favors_new = flags.favors_new(reading)
        wanted = search.Search(text, reading.site, reading.locale, keys, after, limit + 1, favors_new)
        found = search.search(wanted, now=now)
        hits = found[:limit]
        rows = [hit.row for hit in hits]
        resolved = queries.resolve(rows, reading.site, reading.chain, now=now)
        last = hits[-1] if hits else None
        next_url = (
            next_page(http, [last.rank, instant(last.row.published_at).isoformat(), uuid_text(last.row.id)])
            if last and len(found) > limit
            else None
        )
        total = hits[0].total if hits else 0
        tag = tag_of(http, rows, resolved, extra=[("total", total), (flags.NEWEST_FIRST.key, int(favors_new))])
        if is_current(http, tag):
            return not_modified(tag, rows, now)
        relation = "gte" if total >= search.RANKED_MAX else "eq"
        count = f'{{"value":{total},"relation":"{relation}"}}'
        shown = [(hit.row, hit.rank, hit.excerpt) for hit in hits]
        response = content(answers.search(shown, count, reading, resolved, next_url), tag, rows, now)
        response["Surrogate-Key"] = list_keys(reading, keys, rows, resolved)
        return response
