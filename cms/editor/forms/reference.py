"""Other documents, chosen from a search."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class ReferenceControl(Control):
    """One document, or none."""

    key = "reference"
    template = "editor/controls/references.html"
    is_group = True
    holds_many = False

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        if not posted.has(path, "list"):
            return ABSENT
        keys = [each for each in posted.texts(path) if each]
        return keys if self.holds_many else (keys[0] if keys else None)

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        keys = value if isinstance(value, list) else [value] if value else []
        return {
            "targets": [drawing.target(each) for each in keys if isinstance(each, str)],
            "many": self.holds_many,
            "is_full": bool(keys) and (not self.holds_many or len(keys) >= field.options.get("max", 500)),
            "picker": drawing.picker_at(path),
        }


class ReferencesControl(ReferenceControl):
    """Several documents, in order."""

    key = "references"
    holds_many = True
