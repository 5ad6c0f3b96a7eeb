"""An e-mail address."""

import re
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import refuse
from reliability.wording import say as _

# Only what a mail can be sent to can prove an address; this refuses what is surely a slip.
ADDRESS = re.compile(r"[^@\s<>,;\"\x00-\x1f]{1,64}@[^@\s<>,;\"\x00-\x1f]{1,180}\.[^@\s<>,;.\"\x00-\x1f]{2,}")


class Email(FieldKind):
    """Stored as a string."""

    key = "email"

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the address without white space around it."""
        if value is None or value == "":
            return None
        address = value.strip() if isinstance(value, str) else ""
        if not ADDRESS.fullmatch(address) or len(address) > 254:
            raise refuse(path, "not_an_email", _("Must be an e-mail address such as ada@example.org."))
        return address

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the address."""
        return [FilterValue(text=value)] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return an e-mail address."""
        return {"type": "string", "format": "email"}
