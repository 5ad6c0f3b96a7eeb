"""An instant, entered in the person's time zone."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cms.content.definition import FieldDefinition
from cms.content.fields.datetime import parse_instant
from cms.content.problems import Problem
from cms.editor import localtime
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted, Unread

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class DateTimeControl(Control):
    """A local date and time. A time that was not touched keeps its seconds and fractions."""

    key = "datetime"
    template = "editor/controls/datetime.html"

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        text = posted.text(path)
        if text is None:
            return ABSENT
        if not text.strip():
            return None
        if text == posted.text(path, "shown"):
            return posted.text(path, "was")
        local = localtime.parse_local(text)
        if local is None:
            return _unread(
                posted, path, text, "not_a_datetime", _("Enter a date and a time, such as 2026-01-31 09:00.")
            )
        meant = localtime.meaning(local, posted.zone)
        instant = meant.chosen(posted.text(path, "instant") or "")
        if instant is not None:
            return localtime.iso(instant)
        message = (
            _("Clocks are changed then, and this time exists twice. Choose which one you mean.")
            if meant.exists
            else _("Clocks are changed then, and this time does not exist. Choose the one you mean.")
        )
        return _unread(posted, path, text, "unclear_time", message)

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        instant = None if isinstance(value, Unread) else parse_instant(value)
        local = localtime.parse_local(str(value)) if instant is None and value else None
        meant = localtime.meaning(local, drawing.zone) if local else None
        options = meant.options if meant and meant.instant is None else ()
        text = localtime.shown(instant, drawing.zone) if instant else str(value or "")
        is_time = not text or localtime.parse_local(text) is not None
        return {
            "value": text,
            "type": "datetime-local" if is_time else "text",
            "was": str(value) if instant else "",
            "options": [{"value": localtime.iso(each.instant), "text": each.text} for each in options],
            "zone": str(drawing.zone),
        }


def _unread(posted: Posted, path: str, text: str, code: str, message: str) -> Unread:
    posted.problems.append(Problem(path, code, message))
    return Unread(text)
