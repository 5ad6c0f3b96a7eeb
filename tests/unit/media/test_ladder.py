"""Which renditions a picture is offered in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.media.ladder import CROPS, FILE_NAME, Rung, crop_box, file_name, focal_key, rungs

MIDDLE = (0.5, 0.5)


def specs(width: int, height: int, mime: str = "image/jpeg", **more: bool) -> list[str]:
    return [rung.spec for rung in rungs(width=width, height=height, mime=mime, focal=MIDDLE, **more)]


def test_a_large_photograph_gets_every_width_in_three_formats_and_both_crops() -> None:
    found = specs(4000, 3000)

    assert len(found) == 5 * 3 * 3
    assert [spec for spec in found if spec.startswith("w") and spec.endswith(".avif")] == [
        "w320.avif", "w640.avif", "w960.avif", "w1280.avif", "w1920.avif",
    ]  # fmt: skip


def test_nothing_is_wider_than_the_picture_or_its_crop() -> None:
    found = specs(1000, 400)

    assert [spec for spec in found if spec.endswith("webp")] == [
        "w320.webp", "16x9-w320.webp", "1x1-w320.webp", "w640.webp", "16x9-w640.webp", "w960.webp",
    ]  # fmt: skip


def test_a_tiny_picture_keeps_its_own_width() -> None:
    assert set(specs(100, 50)) >= {"w100.avif", "16x9-w89.webp", "1x1-w50.jpg"}


@pytest.mark.parametrize(
    ("mime", "endings"),
    [
        ("image/jpeg", {"avif", "webp", "jpg"}),
        ("image/png", {"avif", "webp", "png"}),
        ("image/gif", {"avif", "webp", "png"}),
        ("image/webp", {"avif", "webp"}),
        ("image/avif", {"avif", "webp"}),
    ],
)
def test_the_fallback_follows_the_original(mime: str, endings: set[str]) -> None:
    assert {spec.rpartition(".")[2] for spec in specs(400, 300, mime)} == endings


def test_an_animation_has_one_still() -> None:
    assert specs(4000, 3000, "image/gif", is_animated=True) == ["w320.webp"]


@pytest.mark.parametrize(
    ("focal", "box"),
    [
        ((0.5, 0.5), (200, 0, 600, 400)),
        ((0.0, 0.0), (0, 0, 400, 400)),
        ((1.0, 1.0), (400, 0, 800, 400)),
        ((0.3, 0.9), (40, 0, 440, 400)),
    ],
)
def test_a_square_is_cut_around_the_focal_point(focal: tuple[float, float], box: tuple[int, int, int, int]) -> None:
    assert crop_box(800, 400, (1, 1), focal) == box


def test_the_address_names_the_focal_point_of_a_crop() -> None:
    assert file_name("16x9-w960.webp", focal_key((0.333, 0.5))) == "16x9-w960-x33y50.webp"
    assert file_name("w960.webp", "") == "w960.webp"


@given(st.integers(1, 30_000), st.integers(1, 30_000), st.floats(0, 1), st.floats(0, 1))
def test_every_rung_lies_inside_the_picture_and_is_never_enlarged(width: int, height: int, x: float, y: float) -> None:
    for rung in rungs(width=width, height=height, mime="image/png", focal=(x, y)):
        left, upper, right, lower = rung.box
        assert 0 <= left < right <= width
        assert 0 <= upper < lower <= height
        assert rung.width <= right - left
        assert rung.height <= lower - upper
        assert FILE_NAME.fullmatch(rung.file_name)


@given(st.integers(400, 30_000), st.integers(400, 30_000), st.sampled_from(sorted(CROPS)))
def test_a_crop_has_its_proportion(width: int, height: int, crop: str) -> None:
    across, down = CROPS[crop]

    left, upper, right, lower = crop_box(width, height, (across, down), MIDDLE)

    assert abs((right - left) * down - (lower - upper) * across) <= max(across, down)


def test_addresses_are_told_apart() -> None:
    made = rungs(width=4000, height=3000, mime="image/jpeg", focal=MIDDLE)

    assert len({rung.file_name for rung in made}) == len(made)
    assert isinstance(made[0], Rung)


@pytest.mark.parametrize(
    "name", ["original", "../w320.webp", "w320.webp/..", "w320.svg", "w.webp", "4x3-w320.webp", ""]
)
def test_other_names_are_no_renditions(name: str) -> None:
    assert FILE_NAME.fullmatch(name) is None
