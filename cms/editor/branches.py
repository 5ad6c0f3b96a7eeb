"""The tree, one branch at a time: a node, the way to it, and what stands directly below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cms.accounts.actor import Actor
from cms.content import tree
from cms.content.models import Document
from cms.content.queries import visible_to
from cms.editor.listing import Row, row_of
from cms.editor.queries import documents

BRANCH_SIZE = 100


@dataclass(frozen=True)
class Branch:
    """A node with its children; without a node, the places where the person's part of the tree begins."""

    node: Row | None
    above: Sequence[Document]
    children: Sequence[Row]
    next: str = ""


def branch(node: Document, actor: Actor, *, now: datetime, after: str = "") -> Branch:
    """Read a node's children in their order, up to 100 at a time, behind the order key `after`."""
    rows = visible_to(_with_children().filter(parent=node, deleted_at__isnull=True), actor, now=now)
    if after:
        rows = rows.filter(order_key__gt=after)
    found = list(rows.order_by("order_key", "id")[: BRANCH_SIZE + 1])
    children = [_row(each) for each in found[:BRANCH_SIZE]]
    following = found[BRANCH_SIZE - 1].order_key if len(found) > BRANCH_SIZE else ""
    own = documents().get(pk=node.pk)
    return Branch(row_of(own), above(node), children, following)


def beginnings(actor: Actor, *, site_id: UUID, locale_id: UUID, now: datetime) -> Branch:
    """Read where a person's part of the tree begins: the home page, or the pages that grants name."""
    rows = _with_children().filter(
        site_id=site_id, locale_id=locale_id, url_path__isnull=False, deleted_at__isnull=True
    )
    visible = visible_to(rows, actor, now=now)
    roots = {each.tree_root for each in actor.rules() if each.tree_root} if not actor.is_unlimited else set()
    found = visible.filter(parent__isnull=True) or visible.filter(translation_group_id__in=roots).order_by("url_path")
    return Branch(None, (), [_row(each) for each in found])


def above(node: Document) -> list[Document]:
    """Read the pages above a node, from the home page down; two queries."""
    ids = tree.ancestry(node.pk)[:-1]
    found = Document.objects.only("title", "url_path").in_bulk(ids)
    return [found[each] for each in ids if each in found]


def _with_children() -> QuerySet[Document]:
    below = Document.objects.filter(parent=OuterRef("pk"), deleted_at__isnull=True)
    return documents().annotate(has_children=Exists(below))


def _row(document: Any) -> Row:
    return row_of(document, children=int(document.has_children))
