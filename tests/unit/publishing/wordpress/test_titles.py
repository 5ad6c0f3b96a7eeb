"""Titles arrive as readers saw them: decoded once, unwrapped, never cut."""

import pytest

from cms.publishing.wordpress.titles import has_markup, plain_title


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("", ""),
        ("Fish &amp; chips", "Fish & chips"),
        ("Use &amp;lt; for &lt;", "Use &lt; for <"),
        ("&#8220;Fresh&#8221; &hellip;", "“Fresh” …"),
        ("A <em>hot <b>day</b></em>", "A hot day"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("What <b> does", "What <b> does"),
        ("one<br />two", "one two"),
        ("🐟 שלום מرحبا", "🐟 שלום מرحبا"),
        ("long " * 400 + "end", "long " * 400 + "end"),
    ],
)
def test_a_title_reads_as_plain_text(source: str, title: str) -> None:
    assert plain_title(source) == title


def test_markup_is_noticed_only_when_there_is_some() -> None:
    assert has_markup("A <em>hot</em> day")
    assert not has_markup("5 < 6")
