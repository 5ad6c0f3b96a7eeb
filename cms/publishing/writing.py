"""The rows that readers see, written: a publication with its words, values and references."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, router

from cms.accounts import sites
from cms.accounts.ids import new_id
from cms.content import types
from cms.content.fields.kind import FilterValue
from cms.content.fields.record import filters_of
from cms.content.models import Document, Revision
from cms.content.vectors import vector
from cms.delivery.models import Publication, PublicationField, PublicationReference
from cms.publishing.snapshot import Snapshot, snapshot, with_shared
from reliability.outbox.event import Position


def write_publication(
    row: Publication | None,
    document: Document,
    revision: Revision,
    made: Snapshot,
    *,
    path: str | None,
    version: int,
    visible_from: datetime,
    now: datetime,
    position: Position,
) -> Publication:
    """Write what readers get, over the row of the same window or as a new one, with everything that belongs to it."""
    definition = types.current().by_id(document.type_id)
    is_new = row is None
    row = row or Publication(id=new_id(), document_id=document.pk, visible_from=visible_from)
    row.revision_id = revision.pk
    row.translation_key = document.translation_group_id
    row.site_id, row.locale_id = document.site_id, document.locale_id
    row.type_key, row.type_version = definition.key, definition.version
    row.parent_id, row.order_key = document.parent_id, document.order_key
    row.slug, row.url_path = document.slug, path
    row.title, row.data, row.seo, row.depends = made.title, made.data, made.seo, made.depends
    row.version, row.xid, row.seq = version, position.xid, position.seq
    row.first_published_at = document.first_published_at or visible_from
    row.published_at, row.updated_at = max(visible_from, now), now
    _set_words(row, made)
    row.save(force_insert=is_new, force_update=not is_new)
    _write_values(row, made.values, is_new=is_new)
    _write_references(row, made, is_new=is_new)
    return row


def copy_shared(
    document: Document, siblings: Sequence[Publication], *, position: Position, now: datetime
) -> list[Publication]:
    """Put the shared fields of a document into the published text of its translations, where they differ.

    A fixed number of statements, whatever the number of locales; returns the rows that changed.
    """
    definition = types.current().by_id(document.type_id)
    if not definition.shared_fields:
        return []
    context = types.current().context
    shared = document.translation_group.shared
    changed = []
    for row in siblings:
        data = with_shared(row.data, shared, definition, context)
        if data != row.data:
            row.data, row.depends = data, _merged_depends(row, shared, document)
            row.version += 1
            row.xid, row.seq, row.updated_at = position.xid, position.seq, now
            changed.append(row)
    if changed:
        Publication.objects.bulk_update(changed, ["data", "depends", "version", "xid", "seq", "updated_at"])
        _rewrite_shared_values(changed, shared, document)
    return changed


def _set_words(row: Publication, made: Snapshot) -> None:
    row.search_text = made.text
    if connections[router.db_for_write(Publication)].vendor == "postgresql":
        row.search = vector(made.words, sites.current().locales[row.locale_id].search_configuration)


def _write_values(row: Publication, values: Mapping[str, list[FilterValue]], *, is_new: bool) -> None:
    if not is_new:
        PublicationField.objects.filter(publication=row).delete()
    rows = [_value(row, key, value) for key, each in values.items() for value in each]
    if rows:
        PublicationField.objects.bulk_create(rows)


def _value(row: Publication, key: str, value: FilterValue) -> PublicationField:
    return PublicationField(
        publication=row,
        site_id=row.site_id,
        locale_id=row.locale_id,
        type_key=row.type_key,
        field=key,
        text=value.text[:255] if value.text is not None else None,
        number=value.number,
        time=value.time,
        ref=UUID(value.ref) if value.ref else None,
        published_at=row.published_at,
    )


def _write_references(row: Publication, made: Snapshot, *, is_new: bool) -> None:
    if not is_new:
        PublicationReference.objects.filter(publication=row).delete()
    targets = dict.fromkeys((link.to_key or link.to_asset or "", link.kind) for link in made.links)
    rows = [PublicationReference(publication=row, target=UUID(target), kind=kind) for target, kind in targets]
    if rows:
        PublicationReference.objects.bulk_create(rows)


def _merged_depends(row: Publication, shared: Mapping[str, Any], document: Document) -> str:
    """Add what the shared fields point at to what the answer resolves; a target too many only costs a look-up."""
    definition = types.current().by_id(document.type_id)
    added = json.loads(snapshot(shared, {}, definition, types.current().context).depends)
    own = json.loads(row.depends)
    kinds = dict.fromkeys((*own, *added))
    return json.dumps(
        {kind: list(dict.fromkeys([*own.get(kind, []), *added.get(kind, [])])) for kind in kinds}, separators=(",", ":")
    )


def _rewrite_shared_values(rows: Sequence[Publication], shared: Mapping[str, Any], document: Document) -> None:
    definition = types.current().by_id(document.type_id)
    fields = [each for each in definition.shared_fields if each.filterable]
    if not fields:
        return
    values = filters_of(fields, shared, types.current().context)
    PublicationField.objects.filter(publication__in=rows, field__in=[each.key for each in fields]).delete()
    PublicationField.objects.bulk_create(
        _value(row, key, value) for row in rows for key, each in values.items() for value in each
    )
