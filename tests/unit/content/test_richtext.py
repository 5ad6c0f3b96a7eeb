import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.richtext import DEFAULT_FEATURES, FEATURES, document_links, is_blank, safe_url, sanitise, text_of
from tests.unit.content.samples import SEA


def test_what_is_removed_is_listed_in_order():
    html = '<p onclick="go()">Sea<script>alert(1)</script> <a href="javascript:alert(1)">x</a><u>Big</u></p>'

    assert sanitise(html, ["link"]) == (
        "<p>Sea <a>x</a>Big</p>",
        ["onclick", "<script>", "href=javascript:", "<u>"],
    )


def test_features_decide_which_tags_stay():
    html = "<p><strong>a</strong> <em>b</em> <sub>c</sub></p>"

    assert sanitise(html, ["bold"]) == ("<p><strong>a</strong> b c</p>", ["<em>", "<sub>"])
    assert sanitise(html, ["bold", "italic", "subscript"]) == (html, [])


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/a?b=c#d",
        "http://example.org",
        "mailto:a@example.org",
        "tel:+123",
        "/about/",
        "#part",
        f"cms:document/{SEA}",
        f"cms:document/{SEA}#part",
    ],
)
def test_safe_links_stay(href):
    html = f'<p><a href="{href}">x</a></p>'

    assert sanitise(html) == (html, [])


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:x",
        "java\tscript:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "cms:document/none",
        "cms:other/x",
        "https:evil",
        "page.html",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
def test_unsafe_links_lose_their_address(href):
    cleaned, removed = sanitise(f'<p><a href="{href}">x</a></p>')

    assert cleaned == "<p><a>x</a></p>"
    assert len(removed) == 1


def test_links_to_documents_are_found_in_lower_case():
    cleaned, _ = sanitise(f'<a href="cms:document/{SEA.upper()}">x</a> cms:document/{SEA}')

    assert document_links(cleaned) == [SEA]


def test_images_are_loaded_from_safe_addresses_only():
    html = '<img src="data:image/svg+xml,x" alt="a"><img src="/b.png" alt="b">'

    assert sanitise(html, ["image"]) == ('<img alt="a"><img src="/b.png" alt="b">', ["src=data:"])


@given(st.text("<>/\"'=&;!-:abphrefscimgonx \n", max_size=80) | st.text(max_size=40))
def test_sanitising_twice_changes_nothing(html):
    for features in (DEFAULT_FEATURES, FEATURES):
        once, _ = sanitise(html, features)

        assert sanitise(once, features)[0] == once


def test_text_keeps_words_apart_and_inline_marks_together():
    html = "<p>Deep <strong>se</strong>a</p><ul><li>one</li><li>two &amp; three</li></ul><script>no()</script>"

    assert text_of(html) == "Deep sea one two & three"


@pytest.mark.parametrize(("html", "blank"), [("<p></p>", True), ("<p> &nbsp;<br></p>", True), ("<hr>", False)])
def test_blank_prose_has_nothing_to_see(html, blank):
    assert is_blank(html) is blank


def test_a_safe_url_has_a_host_where_its_scheme_needs_one():
    assert safe_url("https://example.org") == "https://example.org"
    assert safe_url("https:///x") is None
    assert safe_url("ftp://example.org") is None
