import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.slugs import free_slug, is_valid_slug, propose_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Über uns & mehr", "uber-uns-mehr"),
        ("Straße nach Łódź", "strasse-nach-lodz"),
        ("Don’t panic!", "dont-panic"),
        ("  C++ -- in 24 hours  ", "c-in-24-hours"),
        ("Йод и ёж", "йод-и-ёж"),
        ("日本語の題", "日本語の題"),
        ("हिन्दी", "हिन्दी"),
        ("مرحبا بالعالم", "مرحبا-بالعالم"),
        ("ﬁne", "fine"),
        ("", "blog-post-x7"),
        ("🎉 ❤️", "blog-post-x7"),
        ("...", "blog-post-x7"),
    ],
)
def test_a_title_becomes_a_readable_slug(title, slug):
    assert propose_slug(title, type_key="blog_post", suffix="x7") == slug


@given(st.text(max_size=300))
def test_every_proposal_is_valid_and_stays_when_proposed_again(title):
    slug = propose_slug(title, type_key="page", suffix="x7")

    assert is_valid_slug(slug)
    assert propose_slug(slug, type_key="page", suffix="x7") == slug


def test_long_titles_end_at_a_whole_word():
    slug = propose_slug("word " * 40, type_key="page", suffix="x7")

    assert slug == "-".join(["word"] * 16)


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "a b", "a/b", "a.b", "a_b", "u\u0308", "❤️", "x" * 201])
def test_other_spellings_are_not_valid(slug):
    assert not is_valid_slug(slug)


def test_a_taken_slug_gets_the_next_free_number():
    assert free_slug("about", {"news"}) == "about"
    assert free_slug("about", {"about", "about-2", "about-4"}) == "about-3"
