"""A line or several lines of text."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import Control

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing

LINES_OF_A_TEXT = 4
LINES_OF_CODE = 10


class TextControl(Control):
    """An input, or a text area with `multiline`."""

    key = "text"

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        text = "" if value is None else str(value)
        rows = 0
        if field.options.get("multiline"):
            rows = LINES_OF_CODE if field.key == "code" else LINES_OF_A_TEXT
        # No maxlength: the browser would cut a pasted text without a word. The limit is told, and checked later.
        return {"value": text, "type": "text", "rows": rows, "limit": field.options.get("max_length")}
