"""What is the body of this document in our blocks? The one door to the mapping of content."""

from __future__ import annotations

from cms.publishing.wordpress.blocks import map_blocks
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.gutenberg import FREEFORM, WordPressBlock, parse_blocks
from cms.publishing.wordpress.shapes import Block


def map_content(context: Context, content: str) -> list[Block]:
    """Return our blocks (`{"type": ..., "value": ...}` without ids) for a content of WordPress, old or new.

    What has no counterpart is kept as sanitised HTML where it shows something, and counted in the report.
    """
    return map_blocks(context, parse_blocks(content))


def map_text(context: Context, content: str) -> list[Block]:
    """Return our blocks for a text that holds no block comments, like an excerpt."""
    return map_blocks(context, [WordPressBlock(FREEFORM, parts=[content])])
