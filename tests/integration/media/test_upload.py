"""Uploading: kept once, described, announced."""

import io

import pytest

from cms.accounts.actor import Actor, PermissionMissing
from cms.accounts.models import AuditEntry
from cms.media.actions import upload_asset
from cms.media.errors import FieldRefused
from cms.media.models import Asset
from cms.media.storage import key_of, open_file
from reliability.outbox.models import Event
from tests.factories.pictures import picture
from tests.factories.site import NOW, SYSTEM, World

CLEO = Actor(id=None, name="Cleo")


def test_upload_keeps_the_file_and_describes_it(world: World) -> None:
    file = picture("PNG", (700, 500))

    asset = upload_asset(site_id=world.site.pk, file=file, file_name="Two halves.png", by=SYSTEM, now=NOW)

    with open_file(key_of(asset.hash)) as kept:
        assert kept.read() == file.getvalue()
    assert (asset.mime, asset.width, asset.height, asset.frames) == ("image/png", 700, 500, 1)
    assert (asset.file_name, asset.size_bytes, asset.state) == ("Two halves.png", len(file.getvalue()), "processing")


def test_upload_is_audited_and_announced(world: World) -> None:
    asset = upload_asset(site_id=world.site.pk, file=picture(), file_name="a.png", by=SYSTEM, now=NOW)

    assert AuditEntry.objects.get(action="cms.asset.upload").object_id == str(asset.pk)
    event = Event.objects.get(kind="cms.asset.changed")
    assert event.data == {
        "id": str(asset.pk), "site": "main", "hash": asset.hash, "version": 1, "change": "upload",
    }  # fmt: skip


def test_the_same_file_is_kept_once(world: World) -> None:
    first = upload_asset(site_id=world.site.pk, file=picture(), file_name="a.png", by=SYSTEM, now=NOW)

    second = upload_asset(site_id=world.site.pk, file=picture(), file_name="b.png", by=SYSTEM, now=NOW)

    assert (second.pk, second.file_name) == (first.pk, "a.png")
    assert Asset.objects.count() == 1
    assert Event.objects.filter(kind="cms.asset.changed").count() == 1


def test_texts_are_trimmed_and_empty_ones_left_out(world: World) -> None:
    asset = upload_asset(
        site_id=world.site.pk,
        file=picture(),
        file_name="a.png",
        title="  Halves ",
        alt={"en": " Red and blue ", "de": " "},
        by=SYSTEM,
        now=NOW,
    )

    assert (asset.title, asset.alt) == ("Halves", {"en": "Red and blue"})


def test_a_text_in_an_unknown_locale_is_refused(world: World) -> None:
    with pytest.raises(FieldRefused, match=r"^alt\.fr: The site has no such locale; use one of: de, en\.$"):
        upload_asset(site_id=world.site.pk, file=picture(), file_name="a.png", alt={"fr": "x"}, by=SYSTEM, now=NOW)

    assert not Asset.objects.exists()


def test_upload_without_the_right_is_refused(world: World) -> None:
    with pytest.raises(PermissionMissing):
        upload_asset(site_id=world.site.pk, file=picture(), file_name="a.png", by=CLEO, now=NOW)

    assert not Asset.objects.exists()


def test_a_name_without_an_ending_gets_one(world: World) -> None:
    asset = upload_asset(site_id=world.site.pk, file=picture("JPEG"), file_name="scan", by=SYSTEM, now=NOW)

    assert asset.file_name == "scan.jpg"


def test_a_document_is_ready_at_once(world: World) -> None:
    file = io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    asset = upload_asset(site_id=world.site.pk, file=file, file_name="../../report.pdf", by=SYSTEM, now=NOW)

    assert (asset.mime, asset.state, asset.file_name, asset.width) == ("application/pdf", "ready", "report.pdf", None)
