"""Images, films, sounds and files, with the words for those who cannot see them."""

import math
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue, Link
from cms.content.fields.reference import clean_uuid
from cms.content.fields.text import storable_text
from cms.content.problems import refuse
from reliability.wording import say as _

ACCEPT = ("image", "video", "audio", "document")
MEDIA_KEYS = frozenset({"asset", "alt", "decorative", "focal"})


class Media(FieldKind):
    """Stored as `{asset, alt, decorative, focal}`, or with `multiple` as a list of these.

    `alt` None means the asset's own text, `focal` None the asset's own point, else `{x, y}` from 0 to 1.
    A missing text for an image is judged before publishing, by the rule of the site.
    """

    key = "media"
    options = {
        "accept": options.subset(ACCEPT),
        "multiple": options.flag,
        "crops": options.names_matching(r"[1-9]\d?x[1-9]\d?", "16x9"),
    }

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Any:
        """Return the canonical mapping, or the list of them."""
        if not field.options.get("multiple"):
            return _one(value, path) if value else None
        if not value:
            return []
        if not isinstance(value, list):
            raise refuse(path, "not_a_list", _("Must be a list of media."))
        return [_one(each, f"{path}[{index}]") for index, each in enumerate(value)]

    def search_text(self, value: Any, field: FieldDefinition, context: Context) -> str:
        """Return the alternative texts."""
        return " ".join(each["alt"] for each in _all(value) if each["alt"])

    def references(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Link]:
        """Return every file."""
        return [Link(path, "media", to_asset=each["asset"]) for each in _all(value)]

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return every file's id."""
        return [FilterValue(ref=each["asset"]) for each in _all(value)]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the mapping, or a list of them."""
        share = {"type": "number", "minimum": 0, "maximum": 1}
        point = {"type": ["object", "null"], "properties": {"x": share, "y": share}, "required": ["x", "y"]}
        properties = {
            "asset": {"type": "string", "format": "uuid"},
            "alt": {"type": ["string", "null"]},
            "decorative": {"type": "boolean"},
            "focal": point,
        }
        one = {"type": "object", "properties": properties, "required": sorted(MEDIA_KEYS)}
        return {"type": "array", "items": one} if field.options.get("multiple") else one


def _all(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []


def _one(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not value.keys() <= MEDIA_KEYS:
        raise refuse(path, "not_media", _("Must be a mapping of asset, alt, decorative and focal."))
    decorative, alt = value.get("decorative") or False, value.get("alt")
    if not isinstance(decorative, bool):
        raise refuse(f"{path}.decorative", "not_a_boolean", _("Must be true or false."))
    return {
        "asset": clean_uuid(value.get("asset"), f"{path}.asset"),
        "alt": None if alt is None else storable_text(alt, f"{path}.alt").strip() or None,
        "decorative": decorative,
        "focal": _focal(value.get("focal"), f"{path}.focal"),
    }


def _focal(value: Any, path: str) -> dict[str, float] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"x", "y"} or not all(map(_is_share, value.values())):
        raise refuse(path, "not_a_point", _("Must be a mapping of x and y, each from 0 to 1."))
    return {"x": round(float(value["x"]), 4), "y": round(float(value["y"]), 4)}


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1
