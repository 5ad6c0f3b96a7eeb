"""The form of a document: what is entered is saved, and what is not saved comes back."""

from django.test import Client

from cms.content.models import Document
from cms.content.queries import fields_of as saved_fields
from tests.factories.site import World, paragraph
from tests.integration.editor.forms import address, fields_of, problems, send

ADD = "/admin/cms_content/document/add/"


def reloaded(document: Document) -> Document:
    return Document.objects.select_related("head_revision", "translation_group").get(pk=document.pk)


def test_only_types_that_may_stand_below_a_page_are_offered(world: World, ben: Client) -> None:
    answer = ben.get(f"{ADD}?parent={world.document('section', under=world.home, title='News').pk}")

    assert "type=article" in answer.content.decode()
    assert "type=menu_link" not in answer.content.decode()


def test_a_new_page_gets_a_slug_from_its_title(world: World, ada: Client) -> None:
    send(ada, f"{ADD}?type=page&parent={world.home.pk}", "save", f__title="Über uns")

    made = Document.objects.get(title="Über uns")
    assert (made.slug, made.parent_id, made.is_published) == ("uber-uns", world.home.pk, False)


def test_titles_of_emoji_and_none_at_all_get_a_slug_too(world: World, ada: Client) -> None:
    for title in ("🎉", "", "مرحبا بالعالم"):
        send(ada, f"{ADD}?type=page&parent={world.home.pk}", "save", f__title=title)

    slugs = list(Document.objects.filter(parent=world.home).order_by("created_at").values_list("slug", flat=True))
    assert [each[:5] for each in slugs[:2]] == ["page-", "page-"]
    assert slugs[2] == "مرحبا-بالعالم"


def test_a_taken_slug_is_refused_at_its_field_and_the_form_keeps_its_values(world: World, ada: Client) -> None:
    world.page("First", slug="same")

    answer = send(ada, f"{ADD}?type=page&parent={world.home.pk}", "save", f__title="Second", slug="same")

    assert answer.status_code == 422
    assert problems(answer)[0].startswith("Slug: Another page already has the address")
    assert fields_of(answer)["f.title"] == ["Second"]
    assert not Document.objects.filter(title="Second").exists()


def test_saving_keeps_every_block_and_adds_one_revision(world: World, ada: Client) -> None:
    page = world.page("Page", body=[paragraph("<p>Hello</p>")])

    answer = send(ada, address(page.pk), "save", f__title="Page two")

    assert answer.status_code == 302
    assert reloaded(page).version == 2
    assert saved_fields(reloaded(page))["body"] == [paragraph("<p>Hello</p>")]


def test_saving_without_a_change_makes_no_revision(world: World, ada: Client) -> None:
    page = world.page("Page", body=[paragraph("<p>Hello</p>")])

    send(ada, address(page.pk), "save")

    assert reloaded(page).version == 1


def test_a_wrong_value_is_named_and_comes_back_as_it_was_entered(world: World, ada: Client) -> None:
    section = world.document("section", under=world.home, title="News")
    article = world.document("article", under=section, title="Article")

    answer = send(ada, address(article.pk), "save", f__day="yesterday", f__title="New title")

    assert problems(answer) == ["Date: Must be a day such as 2026-01-31."]
    assert fields_of(answer)["f.day"] == ["yesterday"]
    assert fields_of(answer)["f.title"] == ["New title"]
    assert reloaded(article).version == 1


def test_a_script_in_prose_is_removed(world: World, ada: Client) -> None:
    page = world.page("Page", body=[paragraph("<p>Hello</p>")])

    send(ada, address(page.pk), "save", **{"f.body.aaaaaaaaaaaa.html": "<p>Hi<script>alert(1)</script></p>"})

    assert saved_fields(reloaded(page))["body"][0]["value"]["html"] == "<p>Hi</p>"


def test_plain_text_becomes_paragraphs(world: World, ada: Client) -> None:
    page = world.page("Page", body=[paragraph("<p>Hello</p>")])

    send(ada, address(page.pk), "save", **{"f.body.aaaaaaaaaaaa.html": "One\r\n\r\nTwo & three"})

    assert saved_fields(reloaded(page))["body"][0]["value"]["html"] == "<p>One</p><p>Two &amp; three</p>"


def test_a_form_that_was_cut_off_saves_nothing(world: World, ada: Client) -> None:
    page = world.page("Page", body=[paragraph("<p>Hello</p>")])
    fields = fields_of(ada.get(address(page.pk)))
    del fields["complete"]

    answer = ada.post(address(page.pk), {**fields, "f.title": "Half", "op": "save"})

    assert answer.status_code == 400
    assert fields_of(answer)["f.title"] == ["Half"]
    assert reloaded(page).version == 1


def test_a_block_nobody_can_read_goes_back_unchanged(world: World, ada: Client) -> None:
    page = world.page("Page")
    strange = {"id": "zzzzzzzzzzzz", "type": "hologram", "v": 3, "value": {"depth": 7}}
    _put_into_head(page, [strange])

    send(ada, address(page.pk), "save", f__title="Renamed")

    assert saved_fields(reloaded(page))["title"] == "Renamed"
    assert saved_fields(reloaded(page))["body"] == [strange]


def test_a_signed_out_form_is_kept_and_can_be_sent_again(world: World, ada: Client) -> None:
    page = world.page("Page")
    fields = fields_of(ada.get(address(page.pk)))
    cookies = ada.cookies.copy()
    ada.cookies.clear()

    kept = ada.post(address(page.pk), {**fields, "f.title": "Not lost", "op": "save"})
    ada.cookies = cookies
    redrawn = ada.post(address(page.pk), {**fields_of(kept)})

    assert kept.status_code == 403
    assert fields_of(redrawn)["f.title"] == ["Not lost"]
    assert reloaded(page).version == 1


def test_a_form_with_the_token_of_an_earlier_session_is_kept(world: World, ada: Client) -> None:
    page = world.page("Page")
    ada.handler.enforce_csrf_checks = True
    fields = fields_of(ada.get(address(page.pk)))

    kept = ada.post(address(page.pk), {**fields, "csrfmiddlewaretoken": "a" * 64, "f.title": "Kept", "op": "save"})

    assert kept.status_code == 403
    assert fields_of(kept)["f.title"] == ["Kept"]


def _put_into_head(page: Document, body: list[dict[str, object]]) -> None:
    """As a newer release would have saved it."""
    from cms.content.canonical import canonical
    from cms.content.models import Revision

    revision = Revision.objects.get(pk=page.head_revision_id)
    values = revision.values
    values["fields"]["body"] = body
    Revision.objects.filter(pk=revision.pk).update(data=canonical(values))
