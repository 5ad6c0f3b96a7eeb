"""Drafts, for those who hold a token."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from django.test import Client

from cms.accounts import sites
from cms.accounts.models import Site
from cms.content.models import Document
from cms.publishing.preview import sign
from tests.factories.site import World, paragraph


def test_a_draft_is_shown_by_its_token_and_never_kept(world: World, client: Client) -> None:
    page = world.page("Secret", body=[paragraph("<p>Not yet</p>")])

    answer = client.get(f"/preview/{_token(page)}/")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Preview — not published" in text
    assert "<p>Not yet</p>" in text
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "ETag" not in answer


def test_a_document_without_an_address_can_be_looked_at_too(world: World, client: Client) -> None:
    author = world.item("author", name="Ada", about="<p>Writes.</p>")

    text = client.get(f"/preview/{_token(author)}/").content.decode()

    assert "<h1>Ada</h1>" in text
    assert "<p>Writes.</p>" in text


def test_a_token_ends_after_ten_minutes(world: World, client: Client) -> None:
    token = _token(world.page("Secret"))

    with patch("django.core.signing.time.time", return_value=_in(minutes=11)):
        answer = client.get(f"/preview/{token}/")

    assert answer.status_code == 410
    assert "This preview has expired" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_token_that_nobody_made_shows_nothing(world: World, client: Client) -> None:
    answer = client.get("/preview/made-up/")

    assert answer.status_code == 410


def _token(document: Document) -> str:
    revision = document.head_revision
    assert revision is not None
    return sign(revision.pk)


def _in(*, minutes: int) -> float:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).timestamp()


def test_a_preview_that_has_expired_says_so_in_the_language_of_the_site(world: World, client: Client) -> None:
    Site.objects.filter(pk=world.site.pk).update(default_locale=world.german)
    sites.forget()

    answer = client.get("/preview/nonsense/")

    assert answer.status_code == 410
    assert "Diese Vorschau ist abgelaufen" in answer.content.decode()
