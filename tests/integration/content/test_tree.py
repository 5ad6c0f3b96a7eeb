"""The tree: places, moves, the trash."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.content.actions import empty_trash, prune_revisions, restore_from_trash, save_draft
from cms.content.draft import Draft
from cms.content.errors import PathTaken, PlaceRefused
from cms.content.models import Document, Revision
from cms.publishing.actions import move, trash
from tests.factories.site import NOW, SYSTEM, World


def test_a_move_takes_everything_below_along(world: World) -> None:
    a, b = world.page("A"), world.page("B")
    child = world.page("Child", under=a)
    grandchild = world.page("Grandchild", under=child)

    move(document_id=child.pk, base_version=1, parent_id=b.pk, by=SYSTEM, now=NOW)

    assert Document.objects.get(pk=grandchild.pk).url_path == "/b/child/grandchild/"


def test_a_page_cannot_be_put_below_itself(world: World) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)

    with pytest.raises(PlaceRefused, match="below itself"):
        move(document_id=parent.pk, base_version=1, parent_id=child.pk, by=SYSTEM, now=NOW)

    assert Document.objects.get(pk=parent.pk).parent_id == world.home.pk


def test_the_tree_is_at_most_twenty_levels_deep(world: World) -> None:
    page = world.home
    for level in range(19):
        page = world.page(f"Level {level}", under=page)

    with pytest.raises(PlaceRefused, match="20 levels"):
        world.page("Too deep", under=page)


def test_a_page_is_put_in_front_of_a_sibling(world: World) -> None:
    first, second, third = (world.page(name) for name in ("First", "Second", "Third"))

    move(document_id=third.pk, base_version=1, parent_id=world.home.pk, before_id=second.pk, by=SYSTEM, now=NOW)

    children = Document.objects.filter(parent=world.home).order_by("order_key")
    assert list(children) == [first, third, second]


def test_a_type_stands_only_where_it_may(world: World) -> None:
    article = world.document("article", under=world.home, title="Article")

    with pytest.raises(PlaceRefused, match="belongs under"):
        world.document("article", under=article, title="Below an article")


@pytest.mark.parametrize("pages", [1, 40])
def test_a_move_costs_the_same_whatever_is_below(world: World, pages: int) -> None:
    counted = [_statements_to_move(world, 1), _statements_to_move(world, pages)]

    assert counted[0] == counted[1]


def test_the_trash_takes_and_gives_back_a_whole_branch(world: World, api: Client) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    world.publish(parent, child)

    trash(document_id=parent.pk, base_version=1, by=SYSTEM, now=NOW)
    assert api.get("/api/v1/pages/?path=/parent/child/").status_code == 404
    assert Document.objects.in_use().filter(pk__in=[parent.pk, child.pk]).count() == 0

    restore_from_trash(document_id=parent.pk, by=SYSTEM, now=NOW)
    assert Document.objects.in_use().filter(pk__in=[parent.pk, child.pk]).count() == 2


def test_what_was_in_the_trash_before_stays_there(world: World) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    trash(document_id=child.pk, base_version=1, by=SYSTEM, now=NOW)
    trash(document_id=parent.pk, base_version=1, by=SYSTEM, now=NOW)

    restore_from_trash(document_id=parent.pk, by=SYSTEM, now=NOW)

    assert Document.objects.get(pk=child.pk).deleted_at == NOW


def test_an_address_given_away_meanwhile_keeps_a_page_in_the_trash(world: World) -> None:
    page = world.page("Page", slug="same")
    trash(document_id=page.pk, base_version=1, by=SYSTEM, now=NOW)
    world.page("Another", slug="same")

    with pytest.raises(PathTaken):
        restore_from_trash(document_id=page.pk, by=SYSTEM, now=NOW)


def test_the_trash_is_emptied_after_thirty_days_children_first(world: World) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    trash(document_id=parent.pk, base_version=1, by=SYSTEM, now=NOW)

    early = empty_trash(now=NOW + timedelta(days=29), days=30, by=SYSTEM)
    late = [empty_trash(now=NOW + timedelta(days=31), days=30, by=SYSTEM) for _ in range(2)]

    assert (early, late) == (0, [1, 1])
    assert not Document.objects.filter(pk__in=[parent.pk, child.pk]).exists()


def test_retention_keeps_what_it_must(world: World) -> None:
    page = world.page("Page")
    for number in range(1, 6):
        at = NOW + timedelta(minutes=number)
        draft = Draft({"title": f"Page {number}"})
        save_draft(document_id=page.pk, base_version=number, draft=draft, by=SYSTEM, now=at)
    Revision.objects.filter(document=page, number=3).update(label="before the review")

    prune_revisions(now=NOW + timedelta(days=31), days=30)

    assert list(Revision.objects.filter(document=page).order_by("number").values_list("number", flat=True)) == [1, 3, 6]


def _statements_to_move(world: World, pages: int) -> int:
    target, branch = world.page("Target"), world.page("Branch")
    below = [world.page(f"Page {number}", under=branch) for number in range(pages)]
    world.publish(target, branch, *below)
    with CaptureQueriesContext(connection) as statements:
        move(document_id=branch.pk, base_version=1, parent_id=target.pk, by=SYSTEM, now=NOW)
    return len(statements)
