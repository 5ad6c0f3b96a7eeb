"""Which blocks does a content hold? Parses block comments into a tree and never refuses a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

FREEFORM = "freeform"
# The format escapes `--` inside attributes, so the first `-->` always ends the comment.
BLOCK_COMMENT = re.compile(r"\s*(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)(?:\s+(.*?))?\s*(/)?", re.DOTALL)
MAX_DEPTH = 40  # deeper blocks are read as text of their ancestor, so that no text can exhaust the stack


@dataclass
class WordPressBlock:
    """Hold one block: its own HTML and its children, in order, are `parts`; freeform HTML has no children."""

    name: str
    attrs: dict[str, object] = field(default_factory=dict)
    parts: list[str | WordPressBlock] = field(default_factory=list)

    @property
    def children(self) -> list[WordPressBlock]:
        """Return the nested blocks in order."""
        return [part for part in self.parts if isinstance(part, WordPressBlock)]

    @property
    def inner_html(self) -> str:
        """Return the block's own HTML with its children left out."""
        return "".join(part for part in self.parts if isinstance(part, str)).strip()

    @property
    def whole_html(self) -> str:
        """Return the HTML with that of all nested blocks in place, without block comments."""
        return "".join(part if isinstance(part, str) else part.whole_html for part in self.parts)

    def walk(self) -> Iterator[WordPressBlock]:
        """Yield the block and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def has_blocks(content: str) -> bool:
    """Tell whether a content was written with the block editor."""
    return any(match for _, _, match in _comments(content))


def parse_blocks(content: str) -> list[WordPressBlock]:
    """Return the blocks of a content; HTML outside of blocks becomes `freeform`.

    Malformed input keeps its text: unreadable attributes count as none, a comment that closes nothing is dropped,
    a block that is never closed ends with its parent.
    """
    root = WordPressBlock(name="")
    open_blocks = [root]
    position = 0
    for start, end, match in _comments(content):
        if match is None:
            continue
        _add_html(open_blocks[-1], content[position:start])
        position = end
        is_closing, name, attributes, is_void = match.groups()
        name = name.removeprefix("core/")
        if is_closing:
            _close(open_blocks, name)
        else:
            _open(open_blocks, WordPressBlock(name, _attributes(attributes)), is_void=bool(is_void))
    _add_html(open_blocks[-1], content[position:])
    return [_as_block(part) for part in root.parts if isinstance(part, WordPressBlock) or part.strip()]


def _comments(content: str) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """Yield start, end and parsed block comment (None for any other comment) in one linear pass."""
    start = content.find("<!--")
    while start >= 0:
        end = content.find("-->", start + 4)
        if end < 0:
            return
        yield start, end + 3, BLOCK_COMMENT.fullmatch(content[start + 4 : end])
        start = content.find("<!--", end + 3)


def _add_html(block: WordPressBlock, text: str) -> None:
    if text:
        block.parts.append(text)


def _open(open_blocks: list[WordPressBlock], block: WordPressBlock, *, is_void: bool) -> None:
    if len(open_blocks) > MAX_DEPTH:
        return
    open_blocks[-1].parts.append(block)
    if not is_void:
        open_blocks.append(block)


def _close(open_blocks: list[WordPressBlock], name: str) -> None:
    """Close the nearest open block of this name together with what was left open inside it."""
    for depth in range(len(open_blocks) - 1, 0, -1):
        if open_blocks[depth].name == name:
            del open_blocks[depth:]
            return


def _attributes(text: str | None) -> dict[str, object]:
    if not text:
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _as_block(part: str | WordPressBlock) -> WordPressBlock:
    return part if isinstance(part, WordPressBlock) else WordPressBlock(FREEFORM, parts=[part])
