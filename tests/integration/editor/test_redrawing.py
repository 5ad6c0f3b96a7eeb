"""The buttons inside the form draw it again: nothing is saved, every value is kept, focus lands at the change."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.content.models import Document
from cms.content.queries import fields_of as saved_fields
from cms.media.models import Asset
from tests.factories.site import World, paragraph
from tests.integration.editor.forms import address, fields_of, send

GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f904000000000000002c00000000010001000002024401003b")
BODY = [paragraph("<p>One</p>", block_id="aaaaaaaaaaaa"), paragraph("<p>Two</p>", block_id="bbbbbbbbbbbb")]


def test_an_added_block_is_drawn_and_unsaved_values_stay(world: World, ada: Client) -> None:
    page = world.page("Page", body=BODY)

    answer = send(ada, address(page.pk), "add|body|quote", f__title="Unsaved", f__summary="Also unsaved")

    fields = fields_of(answer)
    assert (fields["f.title"], fields["f.summary"]) == (["Unsaved"], ["Also unsaved"])
    assert fields["f.body"][:2] == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]
    assert fields[f"f.body.{fields['f.body'][2]}:type"] == ["quote"]
    assert Document.objects.get(pk=page.pk).version == 1


def test_the_changed_block_is_where_the_focus_lands(world: World, ada: Client) -> None:
    page = world.page("Page", body=BODY)

    text = send(ada, address(page.pk), "up|body|bbbbbbbbbbbb").content.decode()

    assert re.search(r'id="f.body.bbbbbbbbbbbb"[^>]*>\s*<legend[^>]* id="changed"', text)
    assert 'formaction="#changed"' in text


def test_blocks_are_moved_duplicated_inserted_and_removed(world: World, ada: Client) -> None:
    page = world.page("Page", body=BODY)
    path = address(page.pk)

    moved = send(ada, path, "up|body|bbbbbbbbbbbb")
    doubled = send(ada, path, "duplicate|body|aaaaaaaaaaaa", page=moved)
    inserted = send(ada, path, "add|body|heading@bbbbbbbbbbbb", page=doubled)
    removed = send(ada, path, "remove|body|bbbbbbbbbbbb", page=inserted)

    assert fields_of(moved)["f.body"] == ["bbbbbbbbbbbb", "aaaaaaaaaaaa"]
    copy = fields_of(doubled)["f.body"][2]
    assert fields_of(doubled)[f"f.body.{copy}.html"] == ["<p>One</p>"]
    assert fields_of(inserted)["f.body"][1:] == ["bbbbbbbbbbbb", "aaaaaaaaaaaa", copy]
    assert fields_of(removed)["f.body"][1:] == ["aaaaaaaaaaaa", copy]
    assert saved_fields(Document.objects.get(pk=page.pk))["body"] == BODY


def test_nested_blocks_work_like_others_and_are_saved(world: World, ada: Client) -> None:
    page = world.page("Page")
    path = address(page.pk)

    columns = send(ada, path, "add|body|columns")
    outer = fields_of(columns)["f.body"][0]
    inner = fields_of(columns)[f"f.body.{outer}.columns"]
    nested = f"body.{outer}.columns.{inner[0]}.content"
    added = send(ada, path, f"add|{nested}|paragraph", page=columns)
    block = fields_of(added)[f"f.{nested}"][0]
    send(ada, path, "save", page=added, **{f"f.{nested}.{block}.html": "<p>Deep</p>"})

    saved = saved_fields(Document.objects.get(pk=page.pk))["body"][0]["value"]["columns"]
    assert len(inner) == 2
    assert saved[0]["value"]["content"][0]["value"] == {"html": "<p>Deep</p>"}


def test_a_reference_is_searched_for_and_chosen(world: World, ada: Client) -> None:
    section = world.document("section", under=world.home, title="News")
    article = world.document("article", under=section, title="Article")
    tag = world.item("tag", name="Gardening")
    world.item("tag", name="Cooking")
    path = address(article.pk)

    found = send(ada, path, "pick|tags", **{"pick.q": "garden"})
    chosen = send(ada, path, f"choose|tags|{tag.translation_group_id}", page=found, f__title="Unsaved")
    send(ada, path, "save", page=chosen)

    assert "Gardening" in found.content.decode()
    assert "Cooking" not in found.content.decode()
    saved = saved_fields(Document.objects.get(pk=article.pk))
    assert (saved["tags"], saved["title"]) == ([str(tag.translation_group_id)], "Unsaved")


def test_enter_in_an_open_search_searches(world: World, ada: Client) -> None:
    section = world.document("section", under=world.home, title="News")
    article = world.document("article", under=section, title="Article")

    text = send(ada, address(article.pk), "pick|tags").content.decode()

    assert text.index('value="pick|tags"') < text.index('value="save"')


def test_an_uploaded_picture_stands_in_its_field(world: World, ada: Client) -> None:
    page = world.page("Page")
    path = address(page.pk)
    fields: dict[str, Any] = fields_of(ada.get(path))
    fields["f.hero:file"] = SimpleUploadedFile("dot.gif", GIF, content_type="image/gif")

    answer = ada.post(path, {**fields, "f.title": "Unsaved", "op": "upload|hero"})
    again = send(
        ada, path, "save", page=answer, **{"f.hero[0]:alt": "A dot", "f.hero[0]:x": "0.25", "f.hero[0]:y": "1"}
    )

    asset = Asset.objects.get()
    assert fields_of(answer)["f.title"] == ["Unsaved"]
    assert again.status_code == 302
    assert saved_fields(Document.objects.get(pk=page.pk))["hero"] == {
        "asset": str(asset.pk), "alt": "A dot", "decorative": False, "focal": {"x": 0.25, "y": 1.0},
    }  # fmt: skip


def test_a_refused_upload_is_told_at_its_field(world: World, ada: Client) -> None:
    page = world.page("Page")
    fields: dict[str, Any] = fields_of(ada.get(address(page.pk)))
    fields["f.hero:file"] = SimpleUploadedFile("dot.gif", b"no picture at all", content_type="image/gif")

    answer = ada.post(address(page.pk), {**fields, "f.title": "Unsaved", "op": "save"})

    assert answer.status_code == 422
    assert "dot.gif" in answer.content.decode()
    assert fields_of(answer)["f.title"] == ["Unsaved"]
    assert not Asset.objects.exists()
