"""What did the browser send? Values keep their names: `f.` and the path of the field, and `:part` for parts of one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.fields.record import join
from cms.content.problems import Problem

if TYPE_CHECKING:
    from django.http import QueryDict

    from cms.editor.forms.control import Control

PREFIX = "f."


class Absent:
    """Stands for a field that the browser did not send; it keeps its value."""


class Unread(str):
    """A text that could not be read as what it should be; shown again as it was entered."""


ABSENT = Absent()


@dataclass
class Posted:
    """The fields of a sent form; faults that only the form knows are collected while reading."""

    query: "QueryDict"
    controls: "Mapping[str, Control]"
    blocks: Mapping[str, TypeDefinition]
    zone: ZoneInfo
    problems: list[Problem] = field(default_factory=list)

    def text(self, path: str, part: str = "") -> str | None:
        """Return the text sent for a path, line ends as `\\n`; None when there is none."""
        value = self.query.get(name(path, part))
        return value.replace("\r\n", "\n") if isinstance(value, str) else None

    def texts(self, path: str, part: str = "") -> list[str]:
        """Return every text sent for a path, in order."""
        return [each for each in self.query.getlist(name(path, part)) if isinstance(each, str)]

    def has(self, path: str, part: str = "") -> bool:
        """Tell whether anything was sent."""
        return name(path, part) in self.query

    def raw(self, path: str) -> Any:
        """Return a value that was kept as JSON in the form, such as a block nobody here can read."""
        try:
            return json.loads(self.text(path, "raw") or "null")
        except ValueError:
            self.problems.append(Problem(path, "not_json", _("This part of the form was damaged. Reload the page.")))
            return None

    def record(self, fields: Iterable[FieldDefinition], path: str) -> dict[str, Any]:
        """Read the fields of a document or a block; those that were not sent are left out."""
        data: dict[str, Any] = {}
        for each in fields:
            own = join(path, each.key)
            value = self.raw(own) if self.has(own, "raw") else self.controls[each.kind].read(self, each, own)
            if not isinstance(value, Absent):
                data[each.key] = value
        return data


def name(path: str, part: str = "") -> str:
    """Return the name of an input."""
    return f"{PREFIX}{path}:{part}" if part else f"{PREFIX}{path}"
