"""A color of the screen."""

import re
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import refuse
from reliability.wording import say as _

HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)


class Color(FieldKind):
    """Stored as `#rrggbb` in lower case, with `alpha` also as `#rrggbbaa`."""

    key = "color"
    options = {"alpha": options.flag}

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the long form of the color."""
        if value is None or value == "":
            return None
        found = HEX.fullmatch(value.strip()) if isinstance(value, str) else None
        digits = found[1].lower() if found else ""
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        if not digits or (len(digits) == 8 and not field.options.get("alpha")):
            example = (
                _("{short} or {long}", short="#1a2b3c", long="#1a2b3cff") if field.options.get("alpha") else "#1a2b3c"
            )
            raise refuse(path, "not_a_color", _("Must be a color such as {example}.", example=example))
        return f"#{digits}"

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the color."""
        return [FilterValue(text=value)] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the pattern of a color."""
        return {"type": "string", "pattern": "^#[0-9a-f]{6}([0-9a-f]{2})?$"}
