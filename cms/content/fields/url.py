"""A web address."""

from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.fields.text import MAX_FILTER_CHARACTERS, storable_text
from cms.content.problems import refuse
from cms.content.richtext import safe_url
from reliability.wording import say as _

DEFAULT_SCHEMES = ("http", "https")
SCHEMES = ("http", "https", "mailto", "tel", "ftp", "sftp", "geo", "sms")  # none of these runs code in a browser
MAX_CHARACTERS = 2_000


class Url(FieldKind):
    """Stored as a string: an absolute address of one of `schemes`, a path of this site (`/about/`) or a fragment."""

    key = "url"
    options = {"schemes": options.subset(SCHEMES)}

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the address; what a browser could execute is refused even in a draft."""
        if value is None or value == "":
            return None
        schemes = field.options.get("schemes", DEFAULT_SCHEMES)
        url = safe_url(storable_text(value, path), schemes)
        if url is None or len(url) > MAX_CHARACTERS or " " in url:
            listed = ", ".join(f"{scheme}:" for scheme in schemes)
            raise refuse(
                path, "not_an_address", _("Must begin with {beginnings} or / and hold no spaces.", beginnings=listed)
            )
        return url

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the address."""
        return [FilterValue(text=value[:MAX_FILTER_CHARACTERS])] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a reference to an address, absolute or not."""
        return {"type": "string", "format": "uri-reference"}
