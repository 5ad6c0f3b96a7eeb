"""A number."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import Control

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class NumberControl(Control):
    """A text input with a keyboard of digits: a number input would drop what it cannot read, unseen."""

    key = "number"

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        mode = "decimal" if field.options.get("decimals") else "numeric"
        text = "" if value is None else str(value)
        return {"value": text, "type": "text", "mode": mode, "unit": field.options.get("unit", ""), "size": 12}
