"""Types that many tests of content share."""

from typing import Any

from cms.content.definition import TypeDefinition
from cms.content.parsing import parse_type

SEA = "0192f0aa-7c1e-7b4e-8a55-3f1d9f3f6c02"
RIVER = "0192f0aa-7c1e-7b4e-8a55-3f1d9f3f6c03"


def block(key: str, *fields: dict[str, Any], version: int = 1) -> TypeDefinition:
    return parse_type({"key": key, "name": key, "usage": "block", "version": version, "fields": list(fields)})


QUOTE = block(
    "quote",
    {"key": "text", "kind": "text", "multiline": True, "required": True, "was": ["words"]},
    {"key": "source", "kind": "text"},
    version=2,
)
PICTURE = block("picture", {"key": "image", "kind": "media", "required": True})
PARAGRAPH = block("paragraph", {"key": "html", "kind": "rich_text", "required": True})
COLUMNS = block("columns", {"key": "left", "kind": "blocks"}, {"key": "right", "kind": "blocks"})
TYPES = {each.key: each for each in (QUOTE, PICTURE, PARAGRAPH, COLUMNS)}

ARTICLE: dict[str, Any] = {
    "key": "article",
    "name": "Article",
    "usage": "page",
    "title": "title",
    "parents": ["section"],
    "fields": [
        {"key": "title", "kind": "text", "required": True, "max_length": 120, "searchable": "A"},
        {"key": "summary", "kind": "text", "multiline": True, "searchable": "B", "was": ["intro"]},
        {"key": "day", "kind": "date", "filterable": True, "localized": False},
        {"key": "tags", "kind": "references", "to": ["tag"], "filterable": True, "localized": False},
        {"key": "body", "kind": "blocks", "blocks": ["quote", "picture", "columns", "paragraph"], "searchable": "C"},
    ],
}


def quote(block_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": block_id.ljust(12, "0"), "type": "quote", "v": 2, "value": {"text": text, "source": None, **more}}


def columns(block_id: str, left: list[Any], right: list[Any]) -> dict[str, Any]:
    return {"id": block_id.ljust(12, "0"), "type": "columns", "v": 1, "value": {"left": left, "right": right}}
