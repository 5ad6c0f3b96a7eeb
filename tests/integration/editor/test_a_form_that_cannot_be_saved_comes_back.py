"""While nothing can be written, an editor gets her own form back, filled, and sends it again later."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.test import Client

from cms.content.models import Document
from reliability.routing import middleware
from reliability.routing.gate import Refusal
from tests.factories.site import World
from tests.integration.editor.forms import address, fields_of, send

pytestmark = pytest.mark.postgres
BROWSER = {"accept": "text/html"}


@contextmanager
def closed() -> Iterator[None]:
    """Refuse every write, as without a primary."""
    with mock.patch.object(middleware.gate, "enter", return_value=Refusal.READ_ONLY):
        yield


@pytest.fixture
def editor(ada: Client) -> Client:
    ada.defaults["HTTP_ACCEPT"] = "text/html"
    return ada


def test_a_changed_document_comes_back_and_is_saved_later(world: World, editor: Client) -> None:
    path = address(world.page("Before").pk)

    with closed():
        refused = send(editor, path, "save", f__title="After <b>")
    saved = send(editor, path, "save", page=refused)

    assert (refused.status_code, refused["Cache-Control"]) == (503, "no-store")
    assert int(refused["Retry-After"]) > 0
    assert fields_of(refused)["f.title"] == ["After <b>"]
    assert "What you entered is kept here" in refused.content.decode()
    assert saved.status_code == 302
    assert Document.objects.filter(title="After <b>").exists()


def test_a_new_document_comes_back_and_is_made_later(world: World, editor: Client) -> None:
    path = f"/admin/cms_content/document/add/?type=page&parent={world.home.pk}"

    with closed():
        refused = send(editor, path, "save", f__title="New")
        assert not Document.objects.filter(title="New").exists()
    send(editor, path, "save", page=refused)

    assert refused.status_code == 503
    assert Document.objects.filter(title="New").exists()


def test_a_button_that_only_redraws_the_form_works_meanwhile(world: World, editor: Client) -> None:
    path = address(world.page("Blocks").pk)

    with closed():
        redrawn = send(editor, path, "add|body|quote", f__title="Kept")

    assert redrawn.status_code == 503
    fields = fields_of(redrawn)
    assert fields["f.title"] == ["Kept"]
    assert any(name.startswith("f.body.") for name in fields)


def test_who_may_not_see_the_document_gets_the_plain_page(world: World, cleo: Client) -> None:
    path = address(world.page("Secret").pk)

    with closed():
        refused = cleo.post(path, {"f.title": "Mine"}, headers=BROWSER)

    assert refused.status_code == 503
    assert "Secret" not in refused.content.decode()
    assert '<textarea hidden name="f.title">\nMine</textarea>' in refused.content.decode()
