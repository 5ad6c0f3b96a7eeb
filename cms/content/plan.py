"""What applying new definitions would do, and which changes are refused because data would be lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cms.content.definition import DefinitionError, FieldDefinition, TypeDefinition

# Only ways on which every value survives; `upcast` converts on read where the stored shape differs.
LOSSLESS = frozenset(
    {("text", "rich_text"), ("reference", "references")}
    | {(kind, "text") for kind in ("url", "email", "color", "choice", "date", "datetime")}
)
ChangeKind = Literal[
    "new_type", "change_type", "add", "rename", "remove", "restore", "change_kind", "options", "reorder"
]


@dataclass(frozen=True)
class Change:
    """One step of a plan; `path` is `article` or `article.day`. What is not `allowed` says in `message` what to do."""

    kind: ChangeKind
    path: str
    message: str
    allowed: bool = True


def plan(old: Mapping[str, TypeDefinition], new: Sequence[TypeDefinition]) -> list[Change]:
    """Return the changes from the old types, by key, to the new ones; empty when applying would change nothing.

    Old types that are not among the new ones stay as they are.
    """
    return [change for each in new for change in _type_changes(old.get(each.key), each)]


def applied(old: TypeDefinition | None, new: TypeDefinition) -> TypeDefinition:
    """Return the definition to store: fields that are gone are retired and kept, former names are remembered.

    The version rises by one when anything changed. Raises DefinitionError when a change is refused.
    """
    changes = [*_type_changes(old, new)]
    refused = [(each.path, each.message) for each in changes if not each.allowed]
    if refused:
        raise DefinitionError(refused)
    if old is None or not changes:
        return old or new
    return replace(_carried_over(old, new), version=max(old.version + 1, new.version))


def _carried_over(old: TypeDefinition, new: TypeDefinition) -> TypeDefinition:
    """Return the new definition with the memory of the old one: former names and retired fields."""
    pairs = [(_former(old, new, each), each) for each in new.fields]
    used = {former.key for former, _ in pairs if former}
    fields = [_with_memory(former, each, new) for former, each in pairs]
    retired = [replace(each, retired=True) for each in old.fields if each.key not in used]
    names = {name for each in fields for name in (each.key, *each.was)}
    retired = [replace(each, was=tuple(name for name in each.was if name not in names)) for each in retired]
    return replace(new, fields=(*fields, *retired))


def _with_memory(former: FieldDefinition | None, field: FieldDefinition, new: TypeDefinition) -> FieldDefinition:
    if former is None:
        return field
    keys = {each.key for each in new.fields}
    names = dict.fromkeys([*former.was, former.key, *field.was])
    return replace(field, was=tuple(name for name in names if name not in keys))


def _former(old: TypeDefinition, new: TypeDefinition, field: FieldDefinition) -> FieldDefinition | None:
    """Return the old field that this one continues: of the same key, else of the latest former one."""
    keys = {each.key for each in new.fields} - {field.key}
    return next(
        (old.field(key) for key in (field.key, *reversed(field.was)) if key not in keys and old.field(key)), None
    )


def _type_changes(old: TypeDefinition | None, new: TypeDefinition) -> Iterator[Change]:
    if old is None:
        yield Change("new_type", new.key, f"New type {new.name} with {len(new.active_fields)} fields.")
        return
    if old.usage != new.usage:
        message = f"A type stays what it is ({old.usage}); make a new type of usage {new.usage} and move the content."
        yield Change("change_type", new.key, message, allowed=False)
        return
    for name in ("name", "icon", "title", "parents"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("change_type", new.key, f"{name}: {_shown(before)} becomes {_shown(after)}.")
    if new.version > old.version:
        yield Change("change_type", new.key, f"version: {old.version} becomes {new.version}.")
    yield from _field_changes(old, new)


def _field_changes(old: TypeDefinition, new: TypeDefinition) -> Iterator[Change]:
    continued = []
    for field in new.fields:
        former = _former(old, new, field)
        continued.append(former.key if former else None)
        path = f"{new.key}.{field.key}"
        if former is None:
            demand = " It is required only for the next publish." if field.required else ""
            yield Change("add", path, f"New field {field.label} ({field.kind}); documents read its default.{demand}")
        else:
            yield from _changes_of(path, former, field)
    for former in old.active_fields:
        if former.key not in continued:
            yield _removal(f"{new.key}.{former.key}")
    kept = [key for key in continued if key]
    if kept != [each.key for each in old.fields if each.key in kept]:
        yield Change("reorder", new.key, "The fields stand in another order.")


def _changes_of(path: str, old: FieldDefinition, new: FieldDefinition) -> Iterator[Change]:
    if old.key != new.key:
        yield Change("rename", path, f"{old.key} becomes {new.key}; older revisions are read through the old name.")
    if new.retired and not old.retired:
        yield _removal(path)
    if old.retired and not new.retired:
        yield Change("restore", path, "The field comes back with the data it had.")
    if old.kind != new.kind:
        yield _kind_change(path, old, new)
    elif loss := _loss(old, new):
        yield Change("options", path, f"{loss} Add a new field instead and retire this one.", allowed=False)
    elif changed := _changed_rules(old, new):
        yield Change("options", path, _explained(changed, old, new))


def _removal(path: str) -> Change:
    return Change("remove", path, "The field is retired: hidden, its data kept; it can be restored.")


def _kind_change(path: str, old: FieldDefinition, new: FieldDefinition) -> Change:
    many_to_one = old.options.get("multiple") and not new.options.get("multiple")
    if (old.kind, new.kind) in LOSSLESS and not many_to_one and not (old.localized and not new.localized):
        return Change("change_kind", path, f"{old.kind} becomes {new.kind}; no value is lost.")
    message = f"{old.kind} cannot become {new.kind} without loss; add a new field and retire this one."
    return Change("change_kind", path, message, allowed=False)


def _loss(old: FieldDefinition, new: FieldDefinition) -> str:
    """Return what would be lost by new options, "" when nothing is."""
    if old.options.get("decimals", 0) > new.options.get("decimals", 0):
        return "Fewer decimals would round the values."
    if old.options.get("multiple") and not new.options.get("multiple"):
        return "One value instead of many would drop the others."
    if old.localized and not new.localized:
        return "A shared field would keep the value of one locale only."
    return ""


def _changed_rules(old: FieldDefinition, new: FieldDefinition) -> list[str]:
    """Return the names of the rules that differ; `was` only when it grows, for former names are kept anyway."""
    names = ("label", "required", "help", "default", "group", "read_only", "localized", "filterable", "searchable")
    changed = [name for name in names if getattr(old, name) != getattr(new, name)]
    changed += ["was"] if set(new.was) - {*old.was, old.key} else []
    options = sorted({*old.options, *new.options})
    return changed + [name for name in options if old.options.get(name) != new.options.get(name)]


def _explained(changed: list[str], old: FieldDefinition, new: FieldDefinition) -> str:
    sentences = [f"Changes {', '.join(changed)}."]
    if new.filterable and not old.filterable:
        sentences.append("A job fills the index; readers can filter when it is complete.")
    if new.required and not old.required:
        sentences.append("Published documents stay; the next publish demands a value.")
    if "features" in changed:
        sentences.append("What is no longer allowed goes when a document is saved.")
    return " ".join(sentences)


def _shown(value: str | tuple[str, ...]) -> str:
    return (", ".join(value) if isinstance(value, tuple) else value) or "nothing"
