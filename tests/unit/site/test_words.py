"""The site's own words."""

from cms.site.words import WORDS, words_for


def test_every_language_has_every_word() -> None:
    assert {code: sorted(words) for code, words in WORDS.items()} == dict.fromkeys(WORDS, sorted(WORDS["en"]))


def test_a_region_gets_the_words_of_its_language_and_an_unknown_language_the_english_ones() -> None:
    assert [words_for(code)["home"] for code in ("de", "de-CH", "ar")] == ["Startseite", "Startseite", "Home"]
