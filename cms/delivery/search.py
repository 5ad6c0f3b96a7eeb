"""Which published documents match a text? PostgreSQL ranks by weight; SQLite looks for every word.

Ranking looks at the 5,000 newest matches at most, so that a word which is in every document costs no more than a rare
one; a bounded answer says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, NamedTuple

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery.queries import VISIBLE
from cms.delivery.rows import COLUMNS, Row
from cms.delivery.sql import fetch, marks, reading

RANKED_MAX = 5_000
EXCERPT_CHARACTERS = 200
MONTH_SECONDS = 30 * 24 * 3600.0
OPEN, CLOSE = "\x02", "\x03"
"""Stand for the marks in highlights until the text is escaped; no stored text holds them."""


class Hit(NamedTuple):
    """A match: the row, its rank, an excerpt as HTML with <mark>, and how many matches there are (5,000 at most)."""

    row: Row
    rank: float
    excerpt: str
    total: int


@dataclass(frozen=True)
class Search:
    """What is searched for: a text among the documents of one locale, after the last hit that was shown."""

    text: str
    site: SiteEntry
    locale: LocaleEntry
    types: Sequence[str]
    after: tuple[Any, ...] | None
    limit: int
    favors_new: bool = False
    """Whether new documents count for more: twice as much as ones of a month before the newest match."""

    @property
    def matching(self) -> str:
        """The conditions that every match fulfils, whatever its words."""
        kind = f" AND p.type_key IN ({marks(self.types)})" if self.types else ""
        return f"p.site_id = %s AND p.locale_id = %s AND {VISIBLE.format('p')}{kind}"

    def values(self, now: datetime) -> list[Any]:
        """The values of `matching`."""
        return [self.site.id, self.locale.id, now, now, *self.types]


def search(wanted: Search, *, now: datetime) -> list[Hit]:
    """Read one page of matches, best first, newest first among equals; one statement."""
    return _ranked(wanted, now=now) if reading().vendor == "postgresql" else _plain(wanted, now=now)


def _ranked(wanted: Search, *, now: datetime) -> list[Hit]:
    keyset = "WHERE (m.rank, m.published_at, m.id) < (%s, %s, %s)" if wanted.after else ""
    # Age is told from the newest match, not from now: the next page must rank as this one did.
    age = "EXTRACT(EPOCH FROM max(n.published_at) OVER () - n.published_at)::float8"
    rank = "ts_rank_cd(n.search, query.q)::float8" + (f" / (1 + {age} / {MONTH_SECONDS})" if wanted.favors_new else "")
    sql = f"""
    WITH query AS (SELECT websearch_to_tsquery(%s::regconfig, %s) AS q),
    newest AS (
      SELECT p.id, p.published_at, p.search FROM cms_delivery_publication p, query
      WHERE p.search @@ query.q AND {wanted.matching} ORDER BY p.published_at DESC LIMIT {RANKED_MAX}
    ),
    matches AS (
      SELECT n.id, n.published_at, {rank} AS rank, count(*) OVER () AS total
      FROM newest n, query
    ),
    page AS (
      SELECT m.* FROM matches m {keyset} ORDER BY m.rank DESC, m.published_at DESC, m.id DESC LIMIT {wanted.limit:d}
    )
    SELECT page.rank, page.total, ts_headline(%s::regconfig, left(p.search_text, 20000), query.q, %s), {COLUMNS}
    FROM page JOIN cms_delivery_publication p ON p.id = page.id, query
    ORDER BY page.rank DESC, page.published_at DESC, page.id DESC"""
    options = f"StartSel={OPEN}, StopSel={CLOSE}, MaxWords=30, MinWords=12, MaxFragments=1"
    configuration = wanted.locale.search_configuration
    values = [configuration, wanted.text, *wanted.values(now), *(wanted.after or ()), configuration, options]
    return [Hit(Row(*row), rank, _mark(excerpt), total) for rank, total, excerpt, *row in fetch(sql, values)]


def _plain(wanted: Search, *, now: datetime) -> list[Hit]:
    words = wanted.text.lower().split()
    pattern = [f"%{_like(word)}%" for word in words]
    every = " AND ".join("lower(p.search_text) LIKE %s ESCAPE '\\'" for _ in words)
    in_title = " + ".join("(CASE WHEN lower(p.title) LIKE %s ESCAPE '\\' THEN 1.0 ELSE 0.0 END)" for _ in words)
    keyset = "WHERE (rank, published_at, id) < (%s, %s, %s)" if wanted.after else ""
    age = "(julianday(MAX(p.published_at) OVER ()) - julianday(p.published_at)) * 86400.0"
    rank = f"(1.0 + {in_title}) / (1.0 + {age} / {MONTH_SECONDS})" if wanted.favors_new else in_title
    sql = f"""
    WITH matches AS (
      SELECT {rank} AS rank, COUNT(*) OVER () AS total, substr(p.search_text, 1, 20000) AS excerpt, {COLUMNS}
      FROM cms_delivery_publication p WHERE {wanted.matching} AND {every}
    )
    SELECT * FROM matches {keyset} ORDER BY rank DESC, published_at DESC, id DESC LIMIT {wanted.limit:d}"""
    found = fetch(sql, [*pattern, *wanted.values(now), *pattern, *(wanted.after or ())])
    return [Hit(Row(*row), rank, _excerpt(excerpt, words), total) for rank, total, excerpt, *row in found]


def _mark(excerpt: str) -> str:
    return escape(excerpt, quote=False).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")


def _excerpt(text: str, words: Sequence[str]) -> str:
    """Cut the text around the first word found, and mark all of them."""
    lower = text.lower()
    first = min((place for word in words if (place := lower.find(word)) >= 0), default=0)
    start = max(0, first - EXCERPT_CHARACTERS // 4)
    part = text[start : start + EXCERPT_CHARACTERS]
    for word in words:
        place = part.lower().find(word)
        if place >= 0:
            part = f"{part[:place]}{OPEN}{part[place : place + len(word)]}{CLOSE}{part[place + len(word) :]}"
    return _mark(part)


def _like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
