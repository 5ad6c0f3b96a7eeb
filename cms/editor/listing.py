"""The list of documents: which are asked for, and one page of them at a time, by a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cms.accounts import sites
from cms.accounts.actor import Actor
from cms.content import types
from cms.content.models import Document
from cms.content.queries import visible_to
from cms.editor.queries import documents, with_words
from cms.editor.statuses import Status, status_of
from cms.editor.words import word

PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What the address of the list asks for; empty means any."""

    query: str = ""
    type: str = ""
    site: str = ""
    locale: str = ""
    status: str = ""
    author: str = ""
    after: str = ""
    in_trash: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.query, self.type, self.site, self.locale, self.status, self.author))

    def address(self, **changed: str) -> str:
        """Give the query string of the same list with something changed, from its beginning."""
        names = {"q": self.query, "type": self.type, "site": self.site, "locale": self.locale}
        asked = {**names, "status": self.status, "author": self.author, **changed}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    document: Document
    title: str
    type: str
    locale: str
    site: str
    status: Status
    has_end: bool
    children: int | None = None


@dataclass(frozen=True)
class Listing:
    """One page of the list, and the address of the next one."""

    rows: Sequence[Row]
    next: str = ""
    wanted: Wanted = field(default_factory=Wanted)


def listing(wanted: Wanted, actor: Actor, *, now: datetime) -> Listing:
    """Read one page of the documents that the person may see, the newest changes first."""
    rows = visible_to(_chosen(wanted), actor, now=now).order_by("-updated_at", "-id")
    found = list(_behind(rows, wanted.after)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    following = wanted.address(after=_cursor(shown[-1])) if len(found) > PAGE_SIZE else ""
    return Listing([row_of(each) for each in shown], following, wanted)


def row_of(document: Any, *, children: int | None = None) -> Row:
    """Make the line of a document that was read by `documents()`."""
    known = sites.current()
    return Row(
        document,
        document.title,
        word(types.current().by_id(document.type_id).name),
        known.locales[document.locale_id].code,
        known.by_id[document.site_id].name,
        status_of(document, has_schedule=document.has_schedule),
        document.has_end,
        children,
    )


def _chosen(wanted: Wanted) -> QuerySet[Document]:
    known = sites.current()
    rows = documents().filter(deleted_at__isnull=not wanted.in_trash)
    locale = next((each for each in known.locales.values() if each.code == wanted.locale), None)
    if wanted.site:
        rows = rows.filter(site__key=wanted.site)
    if wanted.locale:
        rows = rows.filter(locale__code=wanted.locale)
    if wanted.type:
        rows = rows.filter(type__key=wanted.type)
    if wanted.author:
        rows = rows.filter(updated_by__email__iexact=wanted.author)
    rows = _in_status(rows, wanted.status)
    return with_words(rows, wanted.query, locale_id=locale.id if locale else None)


def _in_status(rows: QuerySet[Any], status: str) -> QuerySet[Any]:
    if status == "scheduled":
        return rows.filter(has_schedule=True)
    if status == "draft":
        return rows.filter(live_revision__isnull=True, has_schedule=False)
    if status == "published":
        return rows.filter(live_revision=F("head_revision"), has_schedule=False)
    if status == "changed":
        changed = Q(live_revision__isnull=False) & ~Q(live_revision=F("head_revision"))
        return rows.filter(changed, has_schedule=False)
    return rows


def _behind(rows: QuerySet[Document], cursor: str) -> QuerySet[Document]:
    """Keep what comes after the last line of the page before; a cursor that is none begins anew."""
    at, _, pk = cursor.partition("_")
    try:
        moment, last = datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        return rows
    if moment.tzinfo is None:
        return rows
    # The first condition alone lets the database use the index; the second one tells equal moments apart.
    return rows.filter(updated_at__lte=moment).exclude(updated_at=moment, id__gte=last)


def _cursor(document: Document) -> str:
    return f"{document.updated_at.isoformat()}_{document.pk}"
