"""Two people save one document: what fits is merged, the rest is asked, and nothing is lost."""

from typing import Any

from django.test import Client

from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from cms.content.queries import fields_of as saved_fields
from cms.publishing.actions import move
from tests.factories.site import NOW, SYSTEM, World, paragraph
from tests.integration.editor.forms import address, fields_of, send


def conflict(world: World, client: Client, theirs: dict[str, Any], **mine: Any) -> tuple[Document, Any]:
    page = world.page("Base", summary="Base", body=[paragraph("<p>Base</p>")])
    opened = client.get(address(page.pk))
    save_draft(document_id=page.pk, base_version=1, draft=Draft(theirs), by=SYSTEM, now=NOW)
    return page, send(client, address(page.pk), "save", page=opened, **mine)


def saved(page: Document) -> dict[str, Any]:
    return saved_fields(Document.objects.select_related("head_revision", "translation_group").get(pk=page.pk))


def test_nothing_is_overwritten_and_both_versions_are_shown(world: World, ada: Client) -> None:
    page, answer = conflict(world, ada, {"title": "Theirs"}, f__title="Mine")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine" in text
    assert "Theirs" in text
    assert saved(page)["title"] == "Theirs"


def test_changes_to_different_fields_are_merged(world: World, ada: Client) -> None:
    page, answer = conflict(world, ada, {"title": "Theirs"}, f__summary="Mine")

    send(ada, address(page.pk, "resolve"), "save", page=answer)

    assert (saved(page)["title"], saved(page)["summary"]) == ("Theirs", "Mine")


def test_theirs_mine_or_something_new_is_taken(world: World, ada: Client) -> None:
    theirs = {"title": "Theirs", "summary": "Theirs", "body": [paragraph("<p>Theirs</p>")]}
    mine = {"f__title": "Mine", "f__summary": "Mine", "f.body.aaaaaaaaaaaa.html": "<p>Mine</p>"}
    page, answer = conflict(world, ada, theirs, **mine)

    send(ada, address(page.pk, "resolve"), "save", page=answer, **{
        "decide.title": "theirs", "decide.summary": "edit", "f.summary": "Both",
        "decide.body.aaaaaaaaaaaa.html": "mine",
    })  # fmt: skip

    found = saved(page)
    assert (found["title"], found["summary"]) == ("Theirs", "Both")
    assert found["body"][0]["value"]["html"] == "<p>Mine</p>"


def test_a_block_that_one_removed_and_the_other_changed_is_asked_about(world: World, ada: Client) -> None:
    change = {"f.body.aaaaaaaaaaaa.html": "<p>Mine</p>"}
    page, answer = conflict(world, ada, {"body": []}, **change)

    send(ada, address(page.pk, "resolve"), "save", page=answer, **{"decide.body.aaaaaaaaaaaa": "theirs"})

    assert saved(page)["body"] == []


def test_an_unanswered_question_leads_back_to_the_form_with_everything(world: World, ada: Client) -> None:
    page, answer = conflict(world, ada, {"title": "Theirs"}, f__title="Mine", f__summary="Mine too")

    form = send(ada, address(page.pk, "resolve"), "save", page=answer)

    assert fields_of(form)["f.title"] == ["Mine"]
    assert fields_of(form)["f.summary"] == ["Mine too"]
    assert fields_of(form)["version"] == ["2"]
    assert saved(page)["title"] == "Theirs"


def test_the_merged_version_can_be_edited_further(world: World, ada: Client) -> None:
    page, answer = conflict(world, ada, {"title": "Theirs"}, f__summary="Mine")

    form = send(ada, address(page.pk, "resolve"), "edit", page=answer)
    send(ada, address(page.pk), "save", page=form, f__summary="Mine, polished")

    assert (saved(page)["title"], saved(page)["summary"]) == ("Theirs", "Mine, polished")


def test_a_third_version_meanwhile_is_asked_about_again(world: World, ada: Client) -> None:
    page, answer = conflict(world, ada, {"title": "Theirs"}, f__summary="Mine")
    save_draft(document_id=page.pk, base_version=2, draft=Draft({"summary": "A third"}), by=SYSTEM, now=NOW)

    again = send(ada, address(page.pk, "resolve"), "save", page=answer)

    assert again.status_code == 409
    assert "A third" in again.content.decode()
    assert saved(page)["summary"] == "A third"


def test_a_move_meanwhile_needs_no_question(world: World, ada: Client) -> None:
    target, page = world.page("Target"), world.page("Page")
    opened = ada.get(address(page.pk))
    move(document_id=page.pk, base_version=1, parent_id=target.pk, by=SYSTEM, now=NOW)

    answer = send(ada, address(page.pk), "save", page=opened, f__title="Renamed")

    assert answer.status_code == 302
    assert saved(page)["title"] == "Renamed"
