"""Which files does a picture consist of?"""

from typing import Any

from cms.site.pictures import Source, media

CHOICE: dict[str, Any] = {"asset": "a", "alt": None, "decorative": False, "focal": None}


def asset(**changes: Any) -> dict[str, Any]:
    """Make an asset as the API gives it, with two sizes of the whole and one crop."""
    ladder = [
        rendition(spec, width, height, mime)
        for spec, width, height, mime in (
            ("w320.avif", 320, 200, "image/avif"),
            ("w320.jpg", 320, 200, "image/jpeg"),
            ("16x9-w320.avif", 320, 180, "image/avif"),
            ("16x9-w320.jpg", 320, 180, "image/jpeg"),
            ("w640.avif", 640, 400, "image/avif"),
            ("w640.jpg", 640, 400, "image/jpeg"),
        )
    ]
    base = {
        "mime": "image/jpeg",
        "url": "/m/original",
        "file_name": "a.jpg",
        "title": "",
        "alt": "A hill",
        "width": 800,
    }
    return {**base, "height": 500, "size_bytes": 1_000, "renditions": ladder, **changes}


def rendition(spec: str, width: int, height: int, mime: str) -> dict[str, Any]:
    """Make one entry of a ladder."""
    return {"spec": spec, "width": width, "height": height, "mime": mime, "url": f"/m/{spec}"}


def test_the_whole_picture_is_offered_in_every_size_and_the_largest_stands_in_for_old_browsers() -> None:
    picture = media(asset(), CHOICE).picture

    assert picture is not None
    assert picture.sources == (Source("image/avif", "/m/w320.avif 320w, /m/w640.avif 640w"),)
    assert picture.srcset == "/m/w320.jpg 320w, /m/w640.jpg 640w"
    assert (picture.url, picture.width, picture.height) == ("/m/w640.jpg", 640, 400)


def test_a_crop_has_files_of_its_own_and_a_missing_one_is_replaced_by_the_whole() -> None:
    found = media(asset(), CHOICE)

    assert found.wide is not None
    assert found.square is not None
    assert (found.wide.url, found.wide.height) == ("/m/16x9-w320.jpg", 180)
    assert found.square.url == "/m/w640.jpg"


def test_until_renditions_are_ready_the_original_is_shown() -> None:
    picture = media(asset(renditions=[]), CHOICE).picture

    assert picture is not None
    assert (picture.url, picture.width, picture.sources, picture.srcset) == ("/m/original", 800, (), "")


def test_the_text_of_the_choice_comes_before_that_of_the_file_and_decoration_has_none() -> None:
    texts = [
        media(asset(), {**CHOICE, **changes}).picture.alt  # type: ignore[union-attr]
        for changes in ({}, {"alt": "A green hill"}, {"decorative": True})
    ]

    assert texts == ["A hill", "A green hill", ""]


def test_a_document_is_no_picture() -> None:
    assert media(asset(mime="application/pdf", renditions=[]), CHOICE).picture is None
