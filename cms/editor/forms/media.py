"""Files, chosen from a search or uploaded, with the words for those who cannot see them."""

from typing import TYPE_CHECKING, Any

from cms.content.definition import FieldDefinition
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.geo import number_or_text
from cms.editor.forms.posted import Posted

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class MediaControl(Control):
    """One file or several; each with its text, its mark as decoration, and its focal point."""

    key = "media"
    template = "editor/controls/media.html"
    is_group = True

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        if not posted.has(path, "list"):
            return ABSENT
        media = [_one(posted, f"{path}[{index}]") for index in posted.texts(path, "list") if index]
        return media if field.options.get("multiple") else (media[0] if media else None)

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        media = value if isinstance(value, list) else [value] if value else []
        many = bool(field.options.get("multiple"))
        return {
            "media": [_shown(drawing, f"{path}[{index}]", index, each) for index, each in enumerate(media)],
            "many": many,
            "is_full": bool(media) and not many,
            "picker": drawing.picker_at(path),
            "can_upload": drawing.can_upload,
        }


def _one(posted: Posted, path: str) -> dict[str, Any]:
    x, y = posted.text(path, "x") or "", posted.text(path, "y") or ""
    has_point = bool(x.strip() or y.strip())
    return {
        "asset": posted.text(path, "asset") or "",
        "alt": posted.text(path, "alt") or None,
        "decorative": posted.has(path, "decorative"),
        "focal": {"x": number_or_text(x), "y": number_or_text(y)} if has_point else None,
    }


def _shown(drawing: "Drawing", path: str, index: int, media: Any) -> dict[str, Any]:
    focal = media.get("focal") or {}
    return {
        "name": f"f.{path}",
        "index": index,
        "picture": drawing.picture(str(media.get("asset") or "")),
        "alt": media.get("alt") or "",
        "decorative": bool(media.get("decorative")),
        "x": focal.get("x", ""),
        "y": focal.get("y", ""),
    }
