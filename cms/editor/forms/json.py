"""Any JSON, as text."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cms.content.definition import FieldDefinition
from cms.content.problems import Problem
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted, Unread

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class JsonControl(Control):
    """A text area; text that is no JSON comes back as it was, with the line of the fault."""

    key = "json"

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        text = posted.text(path)
        if text is None:
            return ABSENT
        if not text.strip():
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            message = _("Must be JSON.")
            if isinstance(error, json.JSONDecodeError):
                where = {"line": error.lineno, "fault": error.msg}
                message = _("Must be JSON (line %(line)s: %(fault)s).") % where
            posted.problems.append(Problem(path, "not_json", message))
            return Unread(text)

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        text = (
            value
            if isinstance(value, Unread)
            else ""
            if value is None
            else json.dumps(value, indent=2, ensure_ascii=False)
        )
        return {"value": text, "rows": 8, "is_code": True}
