"""Renditions, really encoded: in a process of its own, once, and offered when they are ready."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from PIL import Image, ImageCms

from cms.media import encoder
from cms.media.actions import change_asset, replace_file, take_waiting
from cms.media.actions.finish import WAITING_TOO_LONG
from cms.media.actions.writing import ENCODE, FORGET
from cms.media.encoder import EncoderStopped
from cms.media.models import Asset, Rendition
from cms.media.tasks import RETRIES_MAX, encode, encode_now
from reliability.outbox.models import Event
from tests.factories.pictures import animation, picture
from tests.factories.site import NOW, SYSTEM
from tests.integration.media.conftest import Fetch, Upload


def opened(fetch: Fetch, url: str) -> Image.Image:
    answer = fetch(url)
    assert answer.status == 200, url
    return Image.open(io.BytesIO(answer.body))


def color(image: Image.Image, x: int, y: int) -> str:
    red, _, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return "red" if red > 200 and blue < 60 else "blue" if blue > 200 and red < 60 else f"{red}, {blue}"


def by_spec(asset: Asset) -> dict[str, Any]:
    asset.refresh_from_db()
    return {entry["spec"]: entry for entry in asset.ladder}


def test_a_picture_gets_its_ladder(upload: Upload, fetch: Fetch) -> None:
    asset = upload(picture("JPEG", (700, 500)), "a.jpg")

    assert encode_now(asset.pk) == "ready"

    ladder = by_spec(asset)
    assert [spec for spec in ladder if not spec.startswith(("16x9", "1x1"))] == [
        "w320.avif", "w320.webp", "w320.jpg", "w640.avif", "w640.webp", "w640.jpg",
    ]  # fmt: skip
    assert ladder["16x9-w640.webp"] == {
        "spec": "16x9-w640.webp",
        "width": 640,
        "height": 360,
        "mime": "image/webp",
        "url": f"/media/{asset.hash}/16x9-w640-x50y50.webp",
        "size_bytes": ladder["16x9-w640.webp"]["size_bytes"],
        "crop": "16x9",
    }
    for entry in asset.ladder:
        image = opened(fetch, entry["url"])
        assert (image.get_format_mimetype(), image.size) == (entry["mime"], (entry["width"], entry["height"]))
        assert (color(image, 5, 5), color(image, entry["width"] - 6, 5)) == ("red", "blue")


def test_a_finished_ladder_is_announced_once(upload: Upload) -> None:
    asset = upload()

    encode_now(asset.pk)
    encode_now(asset.pk)

    asset.refresh_from_db()
    assert (asset.version, asset.state) == (2, "ready")
    changes = [event.data["change"] for event in Event.objects.filter(kind="cms.asset.changed").order_by("pk")]
    assert changes == ["upload", "ready"]


def test_encoding_again_makes_only_what_lacks(upload: Upload) -> None:
    asset = upload()
    encode_now(asset.pk)
    Rendition.objects.get(spec="w320.webp").delete()
    kept = set(Rendition.objects.values_list("pk", flat=True))

    encode_now(asset.pk)

    assert len(set(Rendition.objects.values_list("pk", flat=True)) - kept) == 1
    assert "w320.webp" in by_spec(asset)


def test_a_new_focal_point_makes_new_crops_only(upload: Upload, fetch: Fetch) -> None:
    asset = upload(picture("PNG", (800, 400)), "a.png")
    encode_now(asset.pk)
    before = by_spec(asset)

    change_asset(asset_id=asset.pk, focal=(0.0, 0.5), by=SYSTEM, now=NOW)
    encode_now(asset.pk)

    after = by_spec(asset)
    assert after["w640.webp"] == before["w640.webp"]
    assert after["1x1-w320.webp"]["url"] == f"/media/{asset.hash}/1x1-w320-x0y50.webp"
    assert color(opened(fetch, after["1x1-w320.webp"]["url"]), 315, 5) == "red"
    assert color(opened(fetch, before["1x1-w320.webp"]["url"]), 315, 5) == "blue"


def test_a_photograph_is_turned_upright_and_loses_its_metadata(upload: Upload, fetch: Fetch) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me a quarter clockwise": what was left is up.
    exif[0x010E] = "Taken at home"
    asset = upload(picture("JPEG", (700, 500), exif=exif), "a.jpg")

    encode_now(asset.pk)

    entry = by_spec(asset)["w320.jpg"]
    image = opened(fetch, entry["url"])
    assert (asset.width, asset.height) == (500, 700)
    assert image.size == (320, 448)
    assert (color(image, 160, 5), color(image, 160, 440)) == ("red", "blue")
    assert dict(image.getexif()) == {}


def test_colors_of_a_profile_become_srgb(upload: Upload, fetch: Fetch) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    asset = upload(picture("PNG", (400, 300), icc_profile=profile), "a.png")

    encode_now(asset.pk)

    image = opened(fetch, by_spec(asset)["w320.png"]["url"])
    assert "icc_profile" not in image.info
    assert color(image, 5, 5) == "red"


def test_transparency_stays(upload: Upload, fetch: Fetch) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (400, 300), (255, 0, 0, 0)).save(file, "PNG")
    asset = upload(file, "a.png")

    encode_now(asset.pk)

    for spec in ("w320.png", "w320.webp", "w320.avif"):
        assert opened(fetch, by_spec(asset)[spec]["url"]).convert("RGBA").getpixel((9, 9))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "I;16"])
def test_every_mode_of_color_is_encoded(upload: Upload, mode: str) -> None:
    file = io.BytesIO()
    base = Image.new("L", (330, 200), 128)
    image = Image.new("I;16", (330, 200), 128 * 256) if mode == "I;16" else base.convert(mode)
    image.save(file, "PNG")
    asset = upload(file, "a.png")

    assert encode_now(asset.pk) == "ready"


def test_sixteen_bits_of_gray_keep_their_brightness(upload: Upload, fetch: Fetch) -> None:
    file = io.BytesIO()
    Image.new("I;16", (330, 200), 128 * 256).save(file, "PNG")
    asset = upload(file, "a.png")

    encode_now(asset.pk)

    assert opened(fetch, by_spec(asset)["w320.png"]["url"]).convert("L").getpixel((9, 9)) == 128


def test_a_small_picture_is_not_enlarged(upload: Upload) -> None:
    asset = upload(picture("PNG", (100, 80)), "a.png")

    encode_now(asset.pk)

    assert {entry["width"] for entry in by_spec(asset).values()} == {100, 80}


@pytest.mark.parametrize(("file_format", "name"), [("GIF", "a.gif"), ("WEBP", "a.webp"), ("PNG", "a.png")])
def test_an_animation_is_offered_as_it_is_and_has_a_still_for_lists(
    upload: Upload, fetch: Fetch, file_format: str, name: str
) -> None:
    asset = upload(animation(file_format), name)

    encode_now(asset.pk)

    asset.refresh_from_db()
    assert (asset.state, asset.frames, asset.ladder) == ("ready", 3, [])
    assert opened(fetch, f"/media/{asset.hash}/w320.webp").size == (320, 240)


def test_a_picture_that_cannot_be_decoded_fails_with_the_reason(upload: Upload) -> None:
    data = picture("PNG").getvalue()
    asset = upload(io.BytesIO(data[: len(data) // 2]), "a.png")

    assert encode_now(asset.pk) == "failed"

    asset.refresh_from_db()
    assert (asset.state, asset.ladder) == ("failed", [])
    assert asset.error.startswith("The picture cannot be read: ")


def test_a_result_for_a_replaced_file_is_dropped(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = upload()
    real = encoder._answer

    def meanwhile(request: dict[str, Any]) -> dict[str, Any]:
        replace_file(asset_id=asset.pk, file=picture("JPEG"), file_name="b.jpg", by=SYSTEM, now=NOW)
        return real(request)

    monkeypatch.setattr(encoder, "_answer", meanwhile)

    assert encode_now(asset.pk) == "processing"

    asset.refresh_from_db()
    assert (asset.file_name, asset.ladder) == ("b.jpg", [])
    assert not Rendition.objects.exists()


def test_an_encoder_that_is_killed_is_reported_and_tried_again(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asset = upload()
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    monkeypatch.setattr(encoder.sys, "executable", str(program))

    with pytest.raises(EncoderStopped, match="ended with -9"):
        encode_now(asset.pk)

    asset.refresh_from_db()
    assert asset.state == "processing"


def test_after_the_last_attempt_it_is_given_up(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = upload()

    def stop(request: dict[str, Any]) -> dict[str, Any]:
        raise EncoderStopped("The encoder ended with -9.")

    monkeypatch.setattr(encoder, "_answer", stop)

    encode.apply(args=[str(asset.pk)], retries=RETRIES_MAX, throw=False)

    asset.refresh_from_db()
    assert (asset.state, asset.error) == ("failed", "Given up after 5 attempts. The encoder ended with -9.")


def test_what_waits_for_too_long_is_taken_up_once(upload: Upload) -> None:
    asset = upload()

    assert take_waiting(now=NOW + WAITING_TOO_LONG) == []
    late = NOW + 2 * WAITING_TOO_LONG
    assert take_waiting(now=late) == [asset.pk]
    assert take_waiting(now=late) == []


def test_the_task_starts_after_the_commit_and_not_before(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    started: list[str] = []
    monkeypatch.setattr(current_app.tasks[ENCODE], "delay", started.append)

    with django_capture_on_commit_callbacks(execute=True):
        asset = upload()
        assert started == []

    assert started == [str(asset.pk)]


def test_an_upload_stands_although_the_queue_is_away(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    def away(asset_id: str) -> None:
        raise ConnectionError("the queue is away")

    monkeypatch.setattr(current_app.tasks[ENCODE], "delay", away)

    with django_capture_on_commit_callbacks(execute=True):
        asset = upload()

    assert Asset.objects.get().pk == asset.pk


@pytest.mark.parametrize("name", [ENCODE, FORGET])
def test_tasks_are_found_by_name(name: str) -> None:
    assert current_app.tasks[name].name == name
