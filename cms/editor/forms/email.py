"""An e-mail address."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import Control

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class EmailControl(Control):
    """A text input with the right keyboard; the browser's own check would refuse a draft."""

    key = "email"

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        return {"value": value or "", "type": "text", "mode": "email", "is_code": True}
