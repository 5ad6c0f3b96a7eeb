"""Who is refused for want of a slot reads why, in the language that the browser asks for."""

import pytest

from reliability.limits.busy import page


@pytest.mark.parametrize(
    ("accepted", "language", "heading"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de", "Bitte in ein paar Sekunden noch einmal versuchen"),
        ("fr, DE;q=0.5", "de", "Bitte in ein paar Sekunden noch einmal versuchen"),
        ("en-GB,de;q=0.5", "en", "Please try again in a few seconds"),
        ("fr", "en", "Please try again in a few seconds"),
        ("", "en", "Please try again in a few seconds"),
    ],
)
def test_the_first_language_that_is_known_is_taken(accepted: str, language: str, heading: str) -> None:
    html = page(accepted, has_sent=False)

    assert f'<html lang="{language}">' in html
    assert f"<h1>{heading}</h1>" in html


def test_only_who_sent_a_form_hears_of_it() -> None:
    assert "still in the form" in page("", has_sent=True)
    assert "still in the form" not in page("", has_sent=False)
