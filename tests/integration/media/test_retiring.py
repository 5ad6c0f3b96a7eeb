"""What happens to files that are replaced or deleted."""

from datetime import timedelta
from pathlib import Path

import pytest

from cms.accounts import sites
from cms.accounts.actor import Actor, PermissionMissing
from cms.accounts.models import AuditEntry, Site
from cms.media import views
from cms.media.actions import change_asset, delete_asset, remove_retired, replace_file, upload_asset
from cms.media.errors import AssetInUse, SameFileKnown
from cms.media.models import Asset, RetiredFile
from cms.media.storage import key_of
from cms.media.tasks import encode_now
from tests.factories.pictures import picture
from tests.factories.site import NOW, SYSTEM, World
from tests.integration.media.conftest import Fetch, Upload

CLEO = Actor(id=None, name="Cleo")
DAY = timedelta(days=1)


def replace(asset: Asset) -> Asset:
    return replace_file(asset_id=asset.pk, file=picture("JPEG"), file_name="new.jpg", by=SYSTEM, now=NOW)


def test_a_replaced_file_is_served_for_thirty_days(
    upload: Upload, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = upload()
    encode_now(asset.pk)
    asset.refresh_from_db()
    former = asset.ladder[0]["url"]

    replace(asset)

    for days, status in ((29, 200), (31, 404)):
        monkeypatch.setattr(views.timezone, "now", lambda days=days: NOW + days * DAY)
        remove_retired(now=NOW + days * DAY)
        assert fetch(f"/media/{asset.hash}/original").status == status
        assert fetch(former).status == status


def test_a_file_that_comes_back_stays(upload: Upload, fetch: Fetch) -> None:
    asset = upload()
    replace(asset)
    again = upload()

    remove_retired(now=NOW + 99 * DAY)

    assert again.pk != asset.pk
    assert fetch(f"/media/{again.hash}/original").status == 200


def test_a_deleted_file_of_one_site_stays_for_another(world: World, upload: Upload, fetch: Fetch) -> None:
    other = Site.objects.create(key="other", name="Other", default_locale=world.english)
    sites.forget()
    asset = upload()
    twin = upload_asset(site_id=other.pk, file=picture(), file_name="b.png", by=SYSTEM, now=NOW)

    delete_asset(asset_id=asset.pk, by=SYSTEM, now=NOW, used_in=lambda asset_id: [])
    remove_retired(now=NOW)

    assert fetch(f"/media/{twin.hash}/original").status == 200
    assert not RetiredFile.objects.exists()


def test_a_deleted_file_leaves_nothing_in_the_storage(upload: Upload, media_folder: Path) -> None:
    asset = upload()
    encode_now(asset.pk)

    delete_asset(asset_id=asset.pk, by=SYSTEM, now=NOW, used_in=lambda asset_id: [])
    removed = remove_retired(now=NOW)

    assert removed == 1
    assert not (media_folder / key_of(asset.hash)).parent.exists()


def test_a_used_file_is_not_deleted(upload: Upload) -> None:
    asset = upload()

    with pytest.raises(AssetInUse, match="used in 2 places"):
        delete_asset(asset_id=asset.pk, by=SYSTEM, now=NOW, used_in=lambda asset_id: ["a", "b"])

    assert Asset.objects.filter(pk=asset.pk).exists()
    assert not RetiredFile.objects.exists()


def test_a_replacement_that_is_another_asset_is_refused(upload: Upload) -> None:
    asset, _ = upload(), upload(picture("JPEG"), "new.jpg")

    with pytest.raises(SameFileKnown, match=r"as “new\.jpg”"):
        replace(asset)

    asset.refresh_from_db()
    assert asset.file_name == "halves.png"


def test_every_write_asks_for_the_right(upload: Upload) -> None:
    asset = upload()

    with pytest.raises(PermissionMissing):
        change_asset(asset_id=asset.pk, title="Mine", by=CLEO, now=NOW)
    with pytest.raises(PermissionMissing):
        replace_file(asset_id=asset.pk, file=picture("JPEG"), file_name="a.jpg", by=CLEO, now=NOW)
    with pytest.raises(PermissionMissing):
        delete_asset(asset_id=asset.pk, by=CLEO, now=NOW, used_in=lambda asset_id: [])

    asset.refresh_from_db()
    assert (asset.title, asset.version) == ("", 1)


def test_a_change_that_changes_nothing_writes_nothing(upload: Upload) -> None:
    asset = upload(title="Halves", alt={"en": "Red"})

    change_asset(asset_id=asset.pk, title="Halves", alt={"en": "Red", "de": ""}, focal=(0.5, 0.5), by=SYSTEM, now=NOW)

    asset.refresh_from_db()
    assert asset.version == 1
    assert not AuditEntry.objects.filter(action="cms.asset.change").exists()


def test_a_text_is_taken_away_by_an_empty_one(upload: Upload) -> None:
    asset = upload(alt={"en": "Red", "de": "Rot"})

    change_asset(asset_id=asset.pk, alt={"de": ""}, by=SYSTEM, now=NOW)

    asset.refresh_from_db()
    assert asset.alt == {"en": "Red"}
