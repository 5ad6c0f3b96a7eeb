"""How a kind of field is shown in a form and read from it; one file per kind."""

from typing import TYPE_CHECKING, Any, ClassVar

from cms.content.definition import FieldDefinition
from cms.editor.forms.posted import ABSENT, Absent, Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class Control:
    """A kind of field in a form. What was entered is kept as it is: whether it is right, `cms.content` decides."""

    key: ClassVar[str]
    template: ClassVar[str] = "editor/controls/input.html"
    is_group: ClassVar[bool] = False
    """Whether it has several inputs, so that its label is the legend of a fieldset."""

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        """Return the value that was entered, or ABSENT."""
        text = posted.text(path)
        return ABSENT if text is None else text or None

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        """Return what the template needs beyond label, help and problems."""
        return {"value": "" if value is None else value, "type": "text"}


__all__ = ["ABSENT", "Absent", "Control"]
