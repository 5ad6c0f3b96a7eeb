"""Prose with marks, links and lists, as sanitised HTML."""

from typing import Any

from cms.content import richtext
from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, Link
from cms.content.fields.text import storable_text


class RichText(FieldKind):
    """Stored as HTML that holds nothing but what `features` allow."""

    key = "rich_text"
    options = {"features": options.subset(richtext.FEATURES)}
    can_filter = False
    can_search = True

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the sanitised HTML; None when nothing would be seen of it."""
        if value is None:
            return None
        cleaned = richtext.clean_html(storable_text(value, path).strip(), features_of(field))
        return None if richtext.is_blank(cleaned) else cleaned.strip()

    def search_text(self, value: Any, field: FieldDefinition, context: Context) -> str:
        """Return the words without tags."""
        return richtext.text_of(value or "")

    def references(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Link]:
        """Return the documents that the prose links to, each once."""
        keys = dict.fromkeys(richtext.document_links(value or ""))
        return [Link(path, "link", to_key=key) for key in keys]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a string of HTML."""
        return {"type": "string", "contentMediaType": "text/html"}


def features_of(field: FieldDefinition) -> tuple[str, ...]:
    """Return the features that drive the editor and the sanitiser of this field."""
    return tuple(field.options.get("features", richtext.DEFAULT_FEATURES))
