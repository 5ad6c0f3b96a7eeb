"""A color."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import Control

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class ColorControl(Control):
    """A text such as #1a2b3c: a color input cannot be empty, and knows no transparency."""

    key = "color"

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        return {"value": value or "", "type": "text", "size": 12, "is_code": True}
