"""The screens of files: upload several, describe, replace, delete; each with its refusals."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.accounts import sites
from cms.accounts.models import Grant, Role, Site, User
from cms.media.actions import upload_asset
from cms.media.models import Asset
from cms.media.tasks import encode_now
from tests.factories.people import make_person, with_role
from tests.factories.pictures import HARMLESS_SVG, picture
from tests.factories.site import NOW, SYSTEM, World
from tests.integration.media.conftest import Upload

LIST = "/admin/cms_media/asset/"
ADD = "/admin/cms_media/asset/add/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="cms.accounts.backend.GrantBackend")
    return client


@pytest.fixture
def ada(world: World) -> Client:
    """Ada is an author: she may upload."""
    return browser(with_role(make_person("Ada"), "author"))


@pytest.fixture
def cleo(world: World) -> Client:
    """Cleo may use the admin, and nothing in it."""
    return browser(make_person("Cleo"))


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def page_of(asset: Asset) -> str:
    return reverse("admin:cms_media_asset_change", args=[asset.pk])


def posted(client: Client, asset: Asset, **changes: str) -> dict[str, str]:
    """Fill in the form as the page shows it, with changes."""
    form = client.get(page_of(asset)).context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        data[name] = data[form[name].html_initial_name] = "" if value is None else str(value)
    return data | changes


def test_several_files_are_uploaded_and_each_is_reported(world: World, ada: Client, upload: Upload) -> None:
    upload(picture("GIF"), "known.gif")
    files = [
        sent("a.png", picture("PNG").getvalue()),
        sent("again.gif", picture("GIF").getvalue()),
        sent("wrong.png", picture("JPEG").getvalue()),
        sent("empty.png", b""),
        sent("b.svg", HARMLESS_SVG),
    ]

    answer = ada.post(ADD, {"site": str(world.site.pk), "file": files})

    assert [(each.file_name, each.outcome) for each in answer.context["results"]] == [
        ("a.png", "done"),
        ("again.gif", "known"),
        ("wrong.png", "refused"),
        ("empty.png", "refused"),
        ("b.svg", "done"),
    ]
    assert "Give it the ending .jpg" in answer.content.decode()
    assert sorted(Asset.objects.values_list("file_name", flat=True)) == ["a.png", "b.svg", "known.gif"]


def test_an_upload_names_who_did_it(world: World, ada: Client) -> None:
    ada.post(ADD, {"site": str(world.site.pk), "file": [sent("a.png", picture().getvalue())]})

    assert str(Asset.objects.get().uploaded_by) == "Ada"


def test_a_file_above_the_limit_is_refused_by_name(world: World, ada: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000

    answer = ada.post(ADD, {"site": str(world.site.pk), "file": [sent("big.txt", b"x" * 5_000_000)]})

    assert [(each.file_name, each.outcome) for each in answer.context["results"]] == [("big.txt", "refused")]
    assert not Asset.objects.exists()


def test_an_upload_of_nothing_asks_for_a_file(world: World, ada: Client) -> None:
    answer = ada.post(ADD, {"site": str(world.site.pk)})

    assert answer.context["form"].errors == {"file": ["Choose at least one file."]}


def test_a_stranger_sees_and_uploads_nothing(world: World, cleo: Client, upload: Upload) -> None:
    asset = upload()

    assert cleo.get(LIST).status_code == 403
    assert cleo.post(ADD, {"site": str(world.site.pk), "file": [sent("a.png", b"x")]}).status_code == 403
    assert cleo.post(page_of(asset), {"title": "Mine"}).status_code in (302, 403)
    assert cleo.post(f"{LIST}{asset.pk}/delete/").status_code in (302, 403)
    asset.refresh_from_db()
    assert asset.title == ""


def test_who_may_only_see_changes_nothing(world: World, upload: Upload) -> None:
    role = Role.objects.create(key="reader", name="Reader", actions=["view"])
    user = make_person("Dan")
    Grant.objects.create(user=user, role=role)
    dan, asset = browser(user), upload()

    assert dan.get(page_of(asset)).status_code == 200
    assert dan.get(ADD).status_code == 403
    dan.post(page_of(asset), {"title": "Mine", "initial-title": ""})
    assert dan.post(f"{LIST}{asset.pk}/delete/").status_code == 403
    asset.refresh_from_db()
    assert asset.title == ""


def test_the_list_shows_thumbnails_and_is_searched_and_filtered(ada: Client, upload: Upload) -> None:
    asset = upload(picture("PNG", (400, 300)), "harbor.png", alt={"en": "A harbor"})
    upload(io.BytesIO(b"words"), "notes.txt")
    encode_now(asset.pk)

    def names(query: str) -> list[str]:
        return [each.file_name for each in ada.get(f"{LIST}?{query}").context["cl"].result_list]

    assert f"/media/{asset.hash}/w320.webp" in ada.get(LIST).content.decode()
    assert sorted(names("")) == ["harbor.png", "notes.txt"]
    assert names("q=harbor") == ["harbor.png"]
    assert names("kind=document") == ["notes.txt"]
    assert names("state=ready&kind=image") == ["harbor.png"]
    assert names("without_text=en") == []
    assert names("without_text=de") == ["harbor.png"]


def test_texts_and_focal_point_are_changed(ada: Client, upload: Upload) -> None:
    asset = upload(alt={"en": "Old"})

    answer = ada.post(
        page_of(asset), posted(ada, asset, title="Halves", alt_en="Red and blue", alt_de="Rot und blau", focal_x="25")
    )

    asset.refresh_from_db()
    assert answer.status_code == 302
    assert (asset.title, asset.alt) == ("Halves", {"en": "Red and blue", "de": "Rot und blau"})
    assert (asset.focal_x, asset.focal_y, asset.state) == (0.25, 0.5, "processing")


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("focal_x", "101", "Ensure this value is less than or equal to 100."),
        ("focal_y", "", "This field is required."),
        ("title", "x" * 256, "Ensure this value has at most 255 characters (it has 256)."),
    ],
)
def test_a_wrong_value_stands_at_its_field(ada: Client, upload: Upload, field: str, value: str, error: str) -> None:
    asset = upload()

    answer = ada.post(page_of(asset), posted(ada, asset, **{field: value}))

    assert answer.context["form"].errors == {field: [error]}


def test_two_people_who_change_different_fields_lose_nothing(ada: Client, upload: Upload, world: World) -> None:
    asset = upload()
    form = posted(ada, asset, alt_en="Red and blue")
    Asset.objects.filter(pk=asset.pk).update(title="Halves", version=2)

    ada.post(page_of(asset), form)

    asset.refresh_from_db()
    assert (asset.title, asset.alt) == ("Halves", {"en": "Red and blue"})


def test_two_people_who_change_the_same_field_see_it_and_may_save_again(ada: Client, upload: Upload) -> None:
    asset = upload(title="First")
    form = posted(ada, asset, title="Mine")
    Asset.objects.filter(pk=asset.pk).update(title="Theirs")

    answer = ada.post(page_of(asset), form)

    shown = answer.context["form"]
    assert shown["title"].value() == "Mine"
    assert "meanwhile to “Theirs”" in shown.errors["title"][0]
    asset.refresh_from_db()
    assert asset.title == "Theirs"

    ada.post(page_of(asset), {**form, "initial-title": shown.data["initial-title"]})

    asset.refresh_from_db()
    assert asset.title == "Mine"


def test_a_file_is_replaced_and_keeps_its_texts(ada: Client, upload: Upload) -> None:
    asset = upload(title="Halves")

    answer = ada.post(page_of(asset), {"replace": "1", "file": sent("new.jpg", picture("JPEG").getvalue())})

    former = asset.hash
    asset.refresh_from_db()
    assert answer.status_code == 302
    assert (asset.title, asset.file_name, asset.mime) == ("Halves", "new.jpg", "image/jpeg")
    assert asset.hash != former


def test_a_bad_replacement_is_refused_at_its_field(ada: Client, upload: Upload) -> None:
    asset = upload()

    answer = ada.post(page_of(asset), {"replace": "1", "file": sent("new.png", b"")})

    assert answer.context["replace"].errors == {"file": ["The file is empty. Choose another one."]}


def test_an_unused_file_is_deleted_after_a_question(ada: Client, upload: Upload) -> None:
    asset = upload()

    assert "This cannot be undone" in ada.get(f"{LIST}{asset.pk}/delete/").content.decode()
    ada.post(f"{LIST}{asset.pk}/delete/")

    assert not Asset.objects.exists()


def test_a_used_file_is_not_deleted_and_says_where(world: World, ada: Client, upload: Upload) -> None:
    asset = upload(alt={"en": "Halves"})
    image = {"id": "aaaaaaaaaaaa", "type": "image", "v": 1, "value": {"image": {"asset": str(asset.pk)}}}
    about = world.page("About us", body=[image])
    world.publish(about)

    ada.post(f"{LIST}{asset.pk}/delete/")

    assert Asset.objects.filter(pk=asset.pk).exists()
    usage = ada.get(page_of(asset)).context["usage"]
    assert [(use.title, use.is_published) for use in usage] == [("About us", False), ("About us", True)]


def test_a_file_of_another_site_is_not_there(world: World, ada: Client, upload: Upload) -> None:
    other = Site.objects.create(key="other", name="Other", default_locale=world.english)
    sites.forget()
    Grant.objects.update(site=world.site)
    asset = upload_asset(site_id=other.pk, file=picture(), file_name="a.png", by=SYSTEM, now=NOW)

    assert ada.get(page_of(asset)).status_code == 302
    answer = ada.post(ADD, {"site": str(other.pk), "file": [sent("b.png", picture("PNG", (9, 9)).getvalue())]})

    assert "site" in answer.context["form"].errors
    assert Asset.objects.count() == 1


def test_pages_hold_no_inline_script_or_style(ada: Client, upload: Upload) -> None:
    asset = upload()
    encode_now(asset.pk)

    for address in (LIST, ADD, page_of(asset), f"{LIST}{asset.pk}/delete/"):
        text = ada.get(address).content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
