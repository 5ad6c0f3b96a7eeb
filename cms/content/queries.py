"""Reads of drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from cms.accounts.actor import Actor
from cms.accounts.decision import Rule
from cms.content import slugs, types
from cms.content.models import Document, Reference, Revision
from cms.content.upcast import read_through


def fields_in(revision: Revision) -> dict[str, Any]:
    """Give the fields of a revision, shared ones included, in today's form of its type."""
    definition = types.current().by_id(revision.document.type_id)
    data = {**revision.shared_values, **revision.values["fields"]}
    written_with = types.earlier(definition.key, revision.type_version)
    return read_through(data, definition, types.current().blocks, written_with=written_with, earlier=types.earlier)


def fields_of(document: Document) -> dict[str, Any]:
    """Give the fields of a document as they are in its draft: the head revision, with the shared fields of today."""
    if document.head_revision is None:
        return {}
    definition = types.current().by_id(document.type_id)
    revision = document.head_revision
    data = {**revision.shared_values, **document.translation_group.shared, **revision.values["fields"]}
    written_with = types.earlier(definition.key, revision.type_version)
    return read_through(data, definition, types.current().blocks, written_with=written_with, earlier=types.earlier)


def free_slug(parent: Document, wanted: str) -> str:
    """Find a slug that no sibling has: the wanted one, else with -2, -3, ... ; two queries at most."""
    siblings = Document.objects.in_use().filter(parent=parent)
    reserved = set(settings.RESERVED_SLUGS) if parent.parent_id is None else set()
    if wanted not in reserved and not siblings.filter(slug=wanted).exists():
        return wanted
    taken = reserved | set(siblings.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return slugs.free_slug(wanted, taken)


def visible_to(rows: QuerySet[Document], actor: Actor, *, now: datetime, action: str = "view") -> QuerySet[Document]:
    """Keep the documents at which a person's grants allow an action: the decision of `Actor.may` as one condition.

    Grants for a subtree cost one query more, whatever their number.
    """
    if actor.is_unlimited:
        return rows
    rules = [each for each in actor.rules() if action in each.actions and not _is_expired(each, now)]
    roots = _roots({each.tree_root for each in rules if each.tree_root})
    allowed = Q(pk__in=[])
    for rule in rules:
        allowed |= _condition(rule, roots)
    return rows.filter(allowed)


def usage(*, group_id: UUID | None = None, asset_id: UUID | None = None) -> list[Reference]:
    """List the drafts that name a document (by translation key) or an asset."""
    target = Q(to_group_id=group_id) if group_id else Q(to_asset_id=asset_id)
    rows = Reference.objects.filter(target, from_document__deleted_at__isnull=True)
    return list(rows.select_related("from_document").order_by("from_document__title", "path"))


def _is_expired(rule: Rule, now: datetime) -> bool:
    return rule.expires_at is not None and rule.expires_at <= now


def _roots(keys: set[UUID]) -> dict[UUID, list[Document]]:
    """Read the pages at which subtrees begin, in every locale."""
    roots: dict[UUID, list[Document]] = {key: [] for key in keys}
    if keys:
        rows = Document.objects.filter(translation_group_id__in=keys)
        for each in rows.only("translation_group_id", "site_id", "locale_id", "url_path"):
            roots[each.translation_group_id].append(each)
    return roots


def _condition(rule: Rule, roots: dict[UUID, list[Document]]) -> Q:
    condition = ~Q(pk__in=[])
    if rule.site is not None:
        condition &= Q(site_id=rule.site)
    if rule.locale is not None:
        condition &= Q(locale_id=rule.locale)
    if rule.type is not None:
        condition &= Q(type_id=types.current().ids.get(rule.type))
    if rule.tree_root is not None:
        condition &= _below(rule.tree_root, roots[rule.tree_root])
    return condition


def _below(key: UUID, roots: list[Document]) -> Q:
    """A page below another one has a path that begins with the other's."""
    below = Q(translation_group_id=key)
    for root in roots:
        if root.url_path is not None:
            below |= Q(site_id=root.site_id, locale_id=root.locale_id, url_path__startswith=root.url_path)
    return below
