"""File names that neither a header nor a path can be broken with."""

import pytest

from cms.media.names import plain_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("C:\\Users\\Ada\\photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie- x.png"),
        ('say "hi".png', "say -hi-.png"),
        ("Füße 😀.png", "Füße 😀.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("  .hidden  ", "hidden"),
        ("", "file"),
        ("///", "file"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_a_name_keeps_what_is_harmless(given: str, kept: str) -> None:
    assert plain_name(given) == kept
