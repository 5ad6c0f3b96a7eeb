"""Yes or no."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class BooleanControl(Control):
    """A checkbox. A question that nobody has answered stays open until the box is checked once."""

    key = "boolean"
    template = "editor/controls/boolean.html"

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        was = posted.text(path, "was")
        if was is None:
            return ABSENT
        if posted.has(path):
            return True
        return None if was == "open" else False

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        return {"value": bool(value), "was": "open" if value is None else "answered"}
