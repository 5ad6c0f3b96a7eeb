"""Reads that need both sides: drafts and what is published of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from cms.accounts import sites
from cms.content import types
from cms.content.models import Document, Revision
from cms.content.queries import fields_in, fields_of
from cms.delivery.models import Publication
from cms.delivery.queries import VISIBLE
from cms.delivery.rows import Row
from cms.delivery.sql import fetch
from cms.media.models import Asset
from cms.publishing.models import Schedule
from cms.publishing.preflight import Finding, Surroundings, links_to_check, preflight
from cms.publishing.preview import PreviewExpired, unsign
from cms.publishing.snapshot import snapshot

PUBLISHED_PATH = f"SELECT p.url_path FROM cms_delivery_publication p WHERE p.document_id = %s AND {VISIBLE.format('p')}"


def visible(rows: QuerySet[Publication], *, now: datetime) -> QuerySet[Publication]:
    """Keep the rows that readers see at a moment."""
    return rows.filter(Q(visible_until__isnull=True) | Q(visible_until__gt=now), visible_from__lte=now)


def findings(documents: Sequence[Document], *, now: datetime) -> list[Finding]:
    """Check documents together, so that links among them are fine; three queries, whatever their number."""
    known = types.current()
    checked = [(document, fields_of(document), known.by_id(document.type_id)) for document in documents]
    links = [link for _, fields, kind in checked for link in links_to_check(fields, kind, known.context)]
    keys = {link.to_key for link in links if link.to_key}
    assets = {link.to_asset for link in links if link.to_asset}
    together = {str(document.translation_group_id) for document in documents}
    reachable = together | _published(keys - together, now=now)
    found: list[Finding] = []
    alt = _alternative_texts(assets)
    for document, fields, kind in checked:
        rule = str(_settings(document).get("alt_rule", "block"))
        found += preflight(str(document.pk), fields, kind, known.context, Surroundings(reachable, alt, rule))
    return found


def path_of(document: Document, *, now: datetime) -> str | None:
    """Give the address that a page gets when it is published: below where its parent is published, else drafted."""
    if document.url_path is None:
        return None
    if document.parent is None or document.parent_id is None:
        return "/"
    rows = fetch(PUBLISHED_PATH, [document.parent_id, now, now])
    parent_path = (rows[0][0] if rows else None) or document.parent.url_path
    return f"{parent_path}{document.slug}/"


def pending(document_id: UUID) -> dict[str, Schedule]:
    """Give what is scheduled for a document, by action."""
    rows = Schedule.objects.filter(document_id=document_id, status=Schedule.Status.PENDING)
    return {row.action: row for row in rows}


def overdue(*, now: datetime, seconds: int = 60) -> int:
    """Count the schedules whose settling is late by more than `seconds`."""
    return Schedule.objects.filter(status="pending", run_at__lt=now - timedelta(seconds=seconds)).count()


def _published(keys: Iterable[str], *, now: datetime) -> set[str]:
    wanted = [UUID(key) for key in keys]
    if not wanted:
        return set()
    rows = Publication.objects.filter(translation_key__in=wanted)
    upcoming = Q(visible_until__isnull=True) | Q(visible_until__gt=now)
    return {str(key) for key in rows.filter(upcoming).values_list("translation_key", flat=True)}


def _alternative_texts(ids: Iterable[str]) -> dict[str, bool]:
    wanted = [UUID(each) for each in ids]
    rows = Asset.objects.filter(pk__in=wanted).values_list("pk", "alt", "mime") if wanted else []
    return {str(pk): any((alt or {}).values()) or not mime.startswith("image/") for pk, alt, mime in rows}


def _settings(document: Document) -> dict[str, object]:
    site = sites.current().by_id.get(document.site_id)
    return site.settings if site else {}


class Preview(NamedTuple):
    """A draft in the form in which readers get what is published."""

    row: Row
    site: sites.SiteEntry
    locale: sites.LocaleEntry


def preview(token: str, *, now: datetime) -> Preview:
    """Read what a revision would look like. Raises PreviewExpired, also when the revision is gone."""
    revision = Revision.objects.select_related("document").filter(pk=unsign(token)).first()
    if revision is None:
        raise PreviewExpired("This preview has been replaced by a newer one.")
    document = revision.document
    definition = types.current().by_id(document.type_id)
    made = snapshot(fields_in(revision), revision.values.get("seo", {}), definition, types.current().context)
    row = Row(
        id=document.pk,
        document_id=document.pk,
        translation_key=document.translation_group_id,
        locale_id=document.locale_id,
        type_key=definition.key,
        type_version=definition.version,
        version=document.version,
        parent_id=document.parent_id,
        url_path=document.url_path,
        title=made.title,
        published_at=document.published_at or now,
        first_published_at=document.first_published_at or now,
        updated_at=revision.created_at,
        visible_until=None,
        depends=made.depends,
        data=made.data,
        seo=made.seo,
    )
    known = sites.current()
    return Preview(row, known.by_id[document.site_id], known.locales[document.locale_id])
