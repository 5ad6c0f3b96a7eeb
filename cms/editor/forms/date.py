"""A day."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.content.fields.date import parse_day
from cms.editor.forms.control import Control

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class DateControl(Control):
    """A date input; what is no day is shown as text, so that it is not lost."""

    key = "date"

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        is_day = value in (None, "") or parse_day(value) is not None
        return {"value": value or "", "type": "date" if is_day else "text", "size": 12}
