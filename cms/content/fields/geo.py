"""A place on earth."""

import math
from decimal import Decimal
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import refuse
from reliability.wording import say as _

DIGITS = 6  # about 0.1 m


def sortable_longitude(longitude: float) -> str:
    """Return a longitude as text that sorts from west to east: -180 is "000.000000", 180 is "360.000000"."""
    return f"{longitude + 180:010.6f}"


class Geo(FieldKind):
    """Stored as `{lat, lon}` in degrees (WGS 84)."""

    key = "geo"

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> dict[str, float] | None:
        """Return the position with six digits behind the point."""
        if not value:
            return None
        if not isinstance(value, dict) or value.keys() != {"lat", "lon"}:
            raise refuse(path, "not_a_position", _("Must be a mapping of lat and lon."))
        return {name: _degrees(value[name], limit, f"{path}.{name}") for name, limit in (("lat", 90), ("lon", 180))}

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the latitude as number and the longitude as sortable text, so that one row answers for a box."""
        if not value:
            return []
        return [FilterValue(number=Decimal(str(value["lat"])), text=sortable_longitude(value["lon"]))]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the mapping with its limits."""
        lat = {"type": "number", "minimum": -90, "maximum": 90}
        lon = {"type": "number", "minimum": -180, "maximum": 180}
        return {"type": "object", "properties": {"lat": lat, "lon": lon}, "required": ["lat", "lon"]}


def _degrees(value: Any, limit: int, path: str) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or abs(value) > limit:
        raise refuse(path, "not_degrees", _("Must be a number from -{limit} to {limit}.", limit=limit))
    return round(float(value), DIGITS) + 0.0
