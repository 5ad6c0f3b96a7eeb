"""A web address."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import Control

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class UrlControl(Control):
    """A text input with the right keyboard; the browser's own check would refuse paths of this site."""

    key = "url"

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        return {"value": value or "", "type": "text", "mode": "url", "is_code": True}
