"""Which articles have a category or a topic in common with this one? The newest of them, with one statement."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery import queries
from cms.delivery.filters import Condition, order, type_condition
from cms.delivery.markers import REFERENCE_KEY
from cms.delivery.rows import Row

SHOWN_MAX = 3
SUBJECTS = ("categories", "tags")
"""Fields of an article whose documents say what it is about."""


def related(row: Row, site: SiteEntry, chain: Sequence[LocaleEntry], *, now: datetime) -> list[Row]:
    """Read at most three articles, the newest first; those that the editors chose themselves are left out."""
    data = json.loads(row.data)
    subjects = [key for name in SUBJECTS for key in _keys(data.get(name))]
    if row.type_key != "article" or not subjects:
        return []
    others = [UUID(str(row.translation_key)), *_keys(data.get("related"))]
    conditions = [
        type_condition(("article",)),
        Condition(
            "EXISTS (SELECT 1 FROM cms_delivery_publicationreference r WHERE r.publication_id = p.id"
            f" AND r.kind = 'reference' AND r.target IN ({_marks(subjects)}))",
            tuple(subjects),
        ),
        Condition(f"p.url_path IS NOT NULL AND p.translation_key NOT IN ({_marks(others)})", tuple(others)),
    ]
    newest = order("-published_at", types=(), filterable={})
    found = queries.documents(site, chain, conditions, newest, after=None, limit=SHOWN_MAX, now=now)
    return [each for each, _ in found]


def _keys(references: Any) -> list[UUID]:
    return [UUID(each[REFERENCE_KEY]) for each in references or [] if each.get(REFERENCE_KEY)]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("%s" for _ in values)
