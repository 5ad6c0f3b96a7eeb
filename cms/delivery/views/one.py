"""One document, whichever way it was found."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from cms.delivery import answers, caching, queries
from cms.delivery import schemas as shapes
from cms.delivery.including import included
from cms.delivery.rows import Row, locale_of
from cms.delivery.schemas import Reading
from cms.delivery.sql import uuid_text
from cms.delivery.views.responses import content, is_current, not_modified, tag_of, target_keys


def one_document(http: HttpRequest, row: Row, reading: Reading, *, now: datetime, levels: int = 0) -> HttpResponse:
    """Answer with a document, what it points at, and, with `levels`, the pages below it."""
    more = included([row], reading, now=now) if reading.include else []
    resolved = queries.resolve([row, *more], reading.site, reading.chain, now=now)
    nodes = (
        queries.navigation(shapes.read_id(uuid_text(row.document_id) or ""), levels=levels, now=now) if levels else []
    )
    extra = [(node.document_id, node.version) for node in nodes]
    tag = tag_of(http, [row, *more], resolved, extra=extra)
    if is_current(http, tag):
        response = not_modified(tag, [row], now)
    else:
        body = answers.detail(row, reading, resolved, more)
        if levels:
            locale = reading.site.locales_by_id[locale_of(row)]
            below = answers.tree(nodes, reading.site, locale, uuid_text(row.document_id) or "")
            body = f'{body[:-1]},"tree":{answers.dump(below)}}}'
        response = content(body, tag, [row], now)
        keys = [
            f"d:{uuid_text(row.document_id)}",
            f"k:{uuid_text(row.translation_key)}",
            *target_keys(resolved.depends),
        ]
        response["Surrogate-Key"] = caching.surrogate_keys(keys, collapsed=[f"s:{reading.site.key}"])
    response["X-Content-Version"] = str(row.version)
    return response
