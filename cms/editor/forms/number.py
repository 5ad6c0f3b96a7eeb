"""A number."""

from typing import TYPE_CHECKING, Any

from django.utils.formats import get_format, sanitize_separators

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import Control
from cms.editor.forms.posted import Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class NumberControl(Control):
    """A text input with a keyboard of digits: a number input would drop what it cannot read, unseen.

    The decimal separator is that of the person's language; a point is read too.
    """

    key = "number"

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        return sanitize_separators(super().read(posted, field, path))

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        mode = "decimal" if field.options.get("decimals") else "numeric"
        text = "" if value is None else str(value).replace(".", get_format("DECIMAL_SEPARATOR"))
        return {"value": text, "type": "text", "mode": mode, "unit": field.options.get("unit", ""), "size": 12}
