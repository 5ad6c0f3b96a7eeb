"""Prose as HTML in a text area; a script may put an editor on it."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.content.fields.rich_text import features_of
from cms.content.richtext import allowed_tags
from cms.content.upcast import prose_from
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class RichTextControl(Control):
    """A text area that says which tags it takes; text without any tag is made into paragraphs."""

    key = "rich_text"
    template = "editor/controls/rich_text.html"

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        text = posted.text(path)
        if text is None:
            return ABSENT
        return prose_from(text) if text.strip() and "<" not in text else text or None

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        features = features_of(field)
        return {"value": value or "", "features": " ".join(features), "tags": sorted(allowed_tags(features))}
