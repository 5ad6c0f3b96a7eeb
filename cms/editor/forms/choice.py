"""One or several out of a fixed list."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted
from cms.editor.words import word

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing

MAX_RADIOS = 4


class ChoiceControl(Control):
    """Radio buttons for a few choices, a list for more, checkboxes where several may be chosen."""

    key = "choice"
    template = "editor/controls/choice.html"
    is_group = True

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        if not posted.has(path, "list"):
            return ABSENT
        values = [each for each in posted.texts(path) if each]
        if field.options.get("multiple"):
            return values
        return values[0] if values else None

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        chosen = value if isinstance(value, list) else [value] if value else []
        offered = [_labelled(each, drawing.language) for each in field.options.get("choices", [])]
        gone = [each for each in chosen if each not in [known for known, _ in offered]]
        options = [{"value": key, "label": label, "chosen": key in chosen} for key, label in offered]
        options += [{"value": each, "label": each, "chosen": True, "gone": True} for each in gone]
        return {
            "options": options,
            "form": _form(field, len(options)),
            "may_be_empty": not field.required or not chosen,
            "chosen": chosen,
        }


def _form(field: FieldDefinition, count: int) -> str:
    if field.options.get("multiple"):
        return "checkboxes"
    return "radios" if count <= MAX_RADIOS else "select"


def _labelled(choice: Any, language: str) -> tuple[str, str]:
    if not isinstance(choice, dict):
        return str(choice), str(choice)
    label = choice.get("label") or choice["value"]
    if isinstance(label, dict):
        label = label.get(language) or next(iter(label.values()), choice["value"])
    return choice["value"], word(str(label))
