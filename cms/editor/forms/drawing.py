"""How does a form look with these values? Makes plain data for the templates, which ask the database nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cms.content import types
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.fields.record import join
from cms.content.problems import Problem
from cms.editor.forms.control import Control
from cms.editor.queries import Picture, Target
from cms.editor.words import word


@dataclass(frozen=True)
class Picker:
    """A search that is open at a field: what was asked for, and what was found."""

    path: str
    query: str
    kind: str
    targets: Sequence[Target] = ()
    pictures: Sequence[Picture] = ()
    has_more: bool = False


@dataclass
class Drawing:
    """One form being drawn. Targets and pictures are collected on the way and filled in with two queries at the end."""

    controls: Mapping[str, Control]
    blocks: Mapping[str, TypeDefinition]
    zone: ZoneInfo
    language: str
    problems: Sequence[Problem] = ()
    picker: Picker | None = None
    insert_before: str = ""
    changed: str = ""
    can_upload: bool = False
    localized_site: bool = True
    targets: dict[str, Target] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    """Label of everything that has an anchor, by path."""

    def fields(
        self, definitions: Sequence[FieldDefinition], data: Mapping[str, Any], path: str
    ) -> list[dict[str, Any]]:
        """Return what the templates show of the fields that are in use."""
        return [self.field(each, data.get(each.key), path) for each in definitions if not each.retired]

    def field(self, definition: FieldDefinition, value: Any, path: str) -> dict[str, Any]:
        """Return what `editor/field.html` shows of one field."""
        own = join(path, definition.key)
        self.drawn[own] = word(definition.label)
        control = self.controls[definition.kind]
        common = {
            "path": own,
            "name": f"f.{own}",
            "kind": definition.kind,
            "label": self.drawn[own],
            "help": word(definition.help),
            "required": definition.required,
            "shared": not definition.localized and self.localized_site,
            "problems": self._problems_of(definition, own),
            "changed": self.changed == own,
        }
        if definition.read_only:
            return {**common, **_read_only(value, is_nested=bool(path))}
        parts = control.parts(self, definition, own, value)
        return {**common, "template": control.template, "is_group": control.is_group, **parts}

    def block_types(self, definition: FieldDefinition) -> list[TypeDefinition]:
        """Return the types of block that may be added to a list, in the order that the field names them."""
        known = types.current()
        keys = definition.options.get("blocks") or sorted(known.blocks, key=lambda each: known.blocks[each].name)
        return [self.blocks[each] for each in keys if each in self.blocks and each not in known.archived]

    def target(self, key: str) -> Target:
        """Return the document that a field names; its title is filled in later."""
        return self.targets.setdefault(key, Target(key))

    def picture(self, asset_id: str) -> Picture:
        """Return the file that a field names; its title is filled in later."""
        return self.pictures.setdefault(asset_id, Picture(asset_id))

    def picker_at(self, path: str) -> Picker | None:
        """Return the search that is open at this field."""
        return self.picker if self.picker and self.picker.path == path else None

    def problems_at(self, path: str) -> list[str]:
        """Return what is wrong with exactly this, and mark it as a place to jump to."""
        self.drawn.setdefault(path, _("Block"))
        return [each.message for each in self.problems if each.path == path]

    def summary(self) -> list[dict[str, str]]:
        """List every problem with the place to jump to; to be called when everything is drawn."""
        return [
            {"anchor": f"f.{anchor}", "label": label, "message": message} for anchor, label, message in self._places()
        ]

    def _places(self) -> list[tuple[str, str, str]]:
        places = []
        for each in self.problems:
            within = [path for path in self.drawn if _is_within(each.path, path)]
            anchor = max(within, key=len, default="")
            places.append((anchor, self.drawn.get(anchor, each.path), each.message))
        return places

    def _problems_of(self, definition: FieldDefinition, path: str) -> list[str]:
        if definition.kind == "blocks":
            return [each.message for each in self.problems if each.path == path or each.path.startswith(f"{path}[")]
        return [each.message for each in self.problems if _is_within(each.path, path)]


def is_uuid(text: str) -> bool:
    """Tell whether a text is an id, before the database is asked for it."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _read_only(value: Any, *, is_nested: bool) -> dict[str, Any]:
    """A block is saved as a whole, so what its form only shows is carried along."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False, indent=1)
    raw = json.dumps(value, ensure_ascii=False) if is_nested else ""
    return {"template": "editor/controls/read_only.html", "value": text, "raw": raw, "is_group": True}


def _is_within(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))
