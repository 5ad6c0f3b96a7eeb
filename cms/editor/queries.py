"""Reads for the screens of editors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connections, router
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.accounts import sites
from cms.accounts.actor import Actor
from cms.content import types
from cms.content.models import Document
from cms.content.queries import visible_to
from cms.editor.words import word
from cms.media.models import Asset
from cms.publishing.models import Schedule

PICKER_SIZE = 20
KINDS_OF_FILES = {"image": "image/", "video": "video/", "audio": "audio/"}


@dataclass
class Target:
    """A document that a field points to, by its translation key."""

    key: str
    title: str = ""
    type: str = ""
    path: str = ""
    exists: bool = False
    document_id: UUID | None = None


@dataclass
class Picture:
    """A file that a field points to."""

    id: str
    title: str = ""
    file_name: str = ""
    url: str = ""
    alt: str = ""
    is_image: bool = False
    state: str = ""
    exists: bool = False


def documents() -> QuerySet[Document]:
    """Give documents with what lists show of them, and nothing that is long."""
    pending = Schedule.objects.filter(document=OuterRef("pk"), status="pending")
    rows = Document.objects.select_related("updated_by").defer("search", "search_text")
    return rows.annotate(
        has_schedule=Exists(pending.filter(action="publish")), has_end=Exists(pending.filter(action="unpublish"))
    )


def with_words(rows: QuerySet[Document], query: str, *, locale_id: UUID | None) -> QuerySet[Document]:
    """Keep the documents that hold every word: by full text on PostgreSQL, else by their parts."""
    words = query.replace("\x00", "").split()[:20]
    if not words:
        return rows
    if connections[router.db_for_read(Document) or "default"].vendor == "postgresql":
        known = sites.current().locales
        chosen = [known[locale_id]] if locale_id in known else list(known.values())
        found = Q(title__icontains=" ".join(words))
        for configuration in sorted({each.search_configuration for each in chosen}):
            speaking = [each.id for each in chosen if each.search_configuration == configuration]
            asked = SearchQuery(" ".join(words), config=configuration, search_type="websearch")
            found |= Q(locale_id__in=speaking, search=asked)
        return rows.filter(found)
    for each in words:
        rows = rows.filter(search_text__icontains=each)
    return rows


def pick_documents(
    actor: Actor, *, site_id: UUID, locale_id: UUID, to: Sequence[str] | None, query: str, now: datetime
) -> tuple[list[Target], bool]:
    """Find up to 20 documents that a field may point to, the newest first; and tell whether there are more."""
    rows = visible_to(Document.objects.in_use().filter(site_id=site_id, locale_id=locale_id), actor, now=now)
    if to:
        rows = rows.filter(type_id__in=[types.current().ids[each] for each in to if each in types.current().ids])
    rows = with_words(rows, query, locale_id=locale_id).defer("search", "search_text").order_by("-updated_at", "-id")
    found = list(rows[: PICKER_SIZE + 1])
    return [_target(each) for each in found[:PICKER_SIZE]], len(found) > PICKER_SIZE


def pick_assets(
    *, site_id: UUID, accept: Sequence[str] | None, query: str, locale_code: str
) -> tuple[list[Picture], bool]:
    """Find up to 20 files by title and file name, the newest first; and tell whether there are more."""
    rows = Asset.objects.filter(site_id=site_id).filter(_of_kinds(accept))
    for each in query.replace("\x00", "").split()[:20]:
        rows = rows.filter(Q(title__icontains=each) | Q(file_name__icontains=each))
    found = list(rows.order_by("-uploaded_at", "-id")[: PICKER_SIZE + 1])
    pictures = [_fill(Picture(str(each.pk)), each, locale_code) for each in found[:PICKER_SIZE]]
    return pictures, len(found) > PICKER_SIZE


def fill_targets(targets: Mapping[str, Target], *, locale_id: UUID) -> None:
    """Give every target its title, in this locale where there is a translation; one query."""
    keys = [UUID(key) for key in targets if _is_uuid(key)]
    if not keys:
        return
    rows = Document.objects.in_use().filter(translation_group_id__in=keys).defer("search", "search_text")
    for each in sorted(rows, key=lambda row: row.locale_id == locale_id):
        target, found = targets[str(each.translation_group_id)], _target(each)
        target.title, target.type, target.path = found.title, found.type, found.path
        target.exists, target.document_id = True, each.pk


def fill_pictures(pictures: Mapping[str, Picture], *, locale_code: str) -> None:
    """Give every picture its title and thumbnail; one query."""
    ids = [UUID(each) for each in pictures if _is_uuid(each)]
    for asset in Asset.objects.filter(pk__in=ids) if ids else []:
        _fill(pictures[str(asset.pk)], asset, locale_code)


def _fill(picture: Picture, asset: Asset, locale_code: str) -> Picture:
    picture.title, picture.file_name = str(asset), asset.file_name
    picture.alt = (asset.alt or {}).get(locale_code, "")
    picture.is_image, picture.state, picture.exists = asset.is_image, asset.state, True
    picture.url = asset.picture_url()
    return picture


def _target(row: Document) -> Target:
    kind = types.current().by_id(row.type_id)
    return Target(
        str(row.translation_group_id), row.title, word(kind.name), row.url_path or "", exists=True, document_id=row.pk
    )


def _of_kinds(accept: Sequence[str] | None) -> Q:
    if not accept:
        return Q()
    found = Q(pk__in=[])
    for kind in accept:
        if kind in KINDS_OF_FILES:
            found |= Q(mime__startswith=KINDS_OF_FILES[kind])
        else:
            found |= ~_starts_with(KINDS_OF_FILES.values())
    return found


def _starts_with(prefixes: Iterable[str]) -> Q:
    found = Q()
    for each in prefixes:
        found |= Q(mime__startswith=each)
    return found


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
