"""Yes or no."""

from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import refuse
from reliability.wording import say as _


class Boolean(FieldKind):
    """Stored as true, false, or null while nobody has answered."""

    key = "boolean"

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> bool | None:
        """Return the boolean; strings are not guessed at."""
        if value is None or isinstance(value, bool):
            return value
        raise refuse(path, "not_a_boolean", _("Must be true or false."))

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the text "true" or "false"."""
        return [] if value is None else [FilterValue(text="true" if value else "false")]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a boolean."""
        return {"type": "boolean"}
