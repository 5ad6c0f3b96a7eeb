"""How does a title of WordPress, which is HTML, read as plain text without losing anything?"""

from __future__ import annotations

import html
import re

# Only closed pairs are markup: "5 < 6" and a lone "<b>" are what the author wanted to say.
INLINE_PAIR = re.compile(
    r"<(em|strong|b|i|u|s|code|span|small|sup|sub|mark|del|ins|q|cite|abbr|bdi|bdo|a)\b[^<>]*>(.*?)</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
MAX_NESTING = 8


def plain_title(source: str) -> str:
    """Return the title as readers saw it: inline markup unwrapped, entities decoded once, never cut.

    Decoding once keeps a title like `Use &amp;lt; for &lt;` about entities right. Line ends become spaces.
    """
    text = LINE_BREAK.sub(" ", source)
    for _ in range(MAX_NESTING):
        text, changes = INLINE_PAIR.subn(r"\2", text)
        if not changes:
            break
    return " ".join(html.unescape(text).split("\n")).strip()


def has_markup(source: str) -> bool:
    """Tell whether the title carries markup that plain text cannot keep."""
    return bool(INLINE_PAIR.search(source) or LINE_BREAK.search(source))
