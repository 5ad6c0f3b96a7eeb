"""Which further documents does an answer carry along? One statement for each level of `include`."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cms.delivery import queries
from cms.delivery.markers import REFERENCE_KEY
from cms.delivery.rows import Row
from cms.delivery.schemas import Reading
from cms.delivery.sql import uuid_text

MAX_DOCUMENTS = 200
TRANSLATIONS = "translations"

Wish = tuple[Row, tuple[str, ...]]


def included(rows: Sequence[Row], reading: Reading, *, now: datetime) -> list[Row]:
    """Read the documents that `include` names, each once, none that is already an item; at most 200."""
    seen = {uuid_text(row.document_id) for row in rows}
    found: dict[str, Row] = {}
    wishes: list[Wish] = [(row, path) for row in rows for path in reading.include]
    while wishes and len(found) < MAX_DOCUMENTS:
        level = _level(wishes, reading, now=now)
        for row, _ in level:
            key = uuid_text(row.document_id) or ""
            if key not in seen:
                found.setdefault(key, row)
        wishes = [(row, path) for row, path in level if path]
    return list(found.values())[:MAX_DOCUMENTS]


def _level(wishes: Sequence[Wish], reading: Reading, *, now: datetime) -> list[Wish]:
    """Read the next documents along every path, with what is left of the path."""
    rest: dict[str, list[tuple[str, ...]]] = {}
    for row, path in wishes:
        if path[0] != TRANSLATIONS:
            for key in _keys(row, path[0]):
                rest.setdefault(key, []).append(path[1:])
    rows = queries.by_keys(list(rest)[:MAX_DOCUMENTS], reading.site, reading.chain, now=now)
    level = [(row, path) for key, row in rows.items() for path in dict.fromkeys(rest[key])]
    return level + _translations(wishes, reading, now=now)


def _translations(wishes: Sequence[Wish], reading: Reading, *, now: datetime) -> list[Wish]:
    paths: dict[str, tuple[str, ...]] = {
        uuid_text(row.translation_key) or "": path[1:] for row, path in wishes if path[0] == TRANSLATIONS
    }
    rows = queries.translations(list(paths), reading.site, now=now)
    return [(row, paths[uuid_text(row.translation_key) or ""]) for row in rows]


def _keys(row: Row, field: str) -> Iterable[str]:
    value: Any = json.loads(row.data).get(field)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and REFERENCE_KEY in each:
            yield each[REFERENCE_KEY]
