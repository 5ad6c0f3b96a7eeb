"""What a document type is: its fields and their rules, as plain data that never touches the database schema."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

USAGES = ("page", "item", "block")
WEIGHTS = ("A", "B", "C", "D")
COMMON_RULES = (
    "label", "required", "help", "default", "group", "read_only",
    "localized", "filterable", "searchable", "was", "retired",
)  # fmt: skip


class DefinitionError(ValueError):
    """A definition breaks the rules; `problems` lists every (path, message), not only the first."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{path}: {message}" if path else message for path, message in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class FieldDefinition:
    """One field of a type. `options` holds what only its kind understands, such as `max_length`."""

    key: str
    kind: str
    label: str = ""
    required: bool = False
    help: str = ""
    default: Any = None
    group: str = ""
    read_only: bool = False
    localized: bool = True
    filterable: bool = False
    searchable: str | None = None
    was: tuple[str, ...] = ()
    retired: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TypeDefinition:
    """A type of page, item or block.

    `title` names the text field that stands for the document in lists ("" for blocks).
    `parents` are the page types it may be placed under; empty means anywhere, the root of the site included.
    `version` counts the changes of this type; a block stores it as `v`.
    """

    key: str
    name: str
    usage: str
    icon: str = ""
    title: str = ""
    parents: tuple[str, ...] = ()
    fields: tuple[FieldDefinition, ...] = ()
    version: int = 1

    @cached_property
    def active_fields(self) -> tuple[FieldDefinition, ...]:
        """Return the fields that editors and readers see, in order."""
        return tuple(each for each in self.fields if not each.retired)

    @cached_property
    def localized_fields(self) -> tuple[FieldDefinition, ...]:
        """Return the fields, retired ones too, that each locale keeps for itself."""
        return tuple(each for each in self.fields if each.localized)

    @cached_property
    def shared_fields(self) -> tuple[FieldDefinition, ...]:
        """Return the fields, retired ones too, that all locales of a document share."""
        return tuple(each for each in self.fields if not each.localized)

    def field(self, key: str) -> FieldDefinition | None:
        """Return the field with this key, or None."""
        return next((each for each in self.fields if each.key == key), None)


def dump_type(definition: TypeDefinition) -> dict[str, Any]:
    """Return the canonical mapping: `parse_type` reads it back; whatever equals its default is left out."""
    dumped: dict[str, Any] = {"key": definition.key, "name": definition.name, "usage": definition.usage}
    if definition.icon:
        dumped["icon"] = definition.icon
    if definition.title:
        dumped["title"] = definition.title
    if definition.parents:
        dumped["parents"] = list(definition.parents)
    if definition.version != 1:
        dumped["version"] = definition.version
    dumped["fields"] = [dump_field(each) for each in definition.fields]
    return dumped


def dump_field(definition: FieldDefinition) -> dict[str, Any]:
    """Return one field as a flat mapping, options beside the common rules and in sorted order."""
    dumped: dict[str, Any] = {"key": definition.key, "kind": definition.kind}
    plain = FieldDefinition(key=definition.key, kind=definition.kind, label=label_from(definition.key))
    for name in COMMON_RULES:
        value = getattr(definition, name)
        if value != getattr(plain, name):
            dumped[name] = list(value) if isinstance(value, tuple) else value
    return dumped | {name: definition.options[name] for name in sorted(definition.options)}


def label_from(key: str) -> str:
    """Return the label of a field that declares none: `first_name` becomes `First name`."""
    return key.replace("_", " ").capitalize()


def type_hash(definition: TypeDefinition) -> str:
    """Return the SHA-256 of the canonical definition in hex; the version does not count, so equal rules hash equal."""
    dumped = {name: value for name, value in dump_type(definition).items() if name != "version"}
    canonical = json.dumps(dumped, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
