"""A place on earth."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class GeoControl(Control):
    """Latitude and longitude in degrees."""

    key = "geo"
    template = "editor/controls/geo.html"
    is_group = True

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        lat, lon = posted.text(path, "lat"), posted.text(path, "lon")
        if lat is None or lon is None:
            return ABSENT
        if not lat.strip() and not lon.strip():
            return None
        return {"lat": number_or_text(lat), "lon": number_or_text(lon)}

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        return {"lat": (value or {}).get("lat", ""), "lon": (value or {}).get("lon", "")}


def number_or_text(text: str) -> float | str:
    """Return the number, or the text if it is none, for somebody else to refuse."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text
