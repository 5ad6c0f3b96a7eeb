"""What does a person read on a page? Its texts, and the attributes that are read aloud or shown."""

from html.parser import HTMLParser

SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-label", "data-words")
SILENT = ("script", "style", "code", "pre", "textarea")
EMPTY = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


class Reader(HTMLParser):
    """Collects the words of a page. What is code, or marked as being in another language, is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.found: list[str] = []
        self._left_out: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag not in EMPTY:
            self._left_out.append(tag in SILENT or given.get("lang", self.language) != self.language)
        self.found += [given[name] for name in SPOKEN if name in given]
        # A button may be pressed for what stands on it; the one without words that Enter presses is no button to see.
        if tag == "input" and given.get("type") == "submit" and "aria-hidden" not in given:
            self.found.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY and self._left_out:
            self._left_out.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._left_out):
            self.found.append(data)


def words_of(html: str) -> tuple[str, list[str]]:
    """Give the language that a page claims, and its texts, white space as one blank, each once."""
    reader = Reader()
    reader.feed(html)
    texts = (" ".join(each.split()) for each in reader.found)
    return reader.language, [each for each in dict.fromkeys(texts) if each]
