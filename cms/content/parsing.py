"""How a mapping, from YAML or from the type builder, becomes a definition; every fault is found, not only the first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cms.content.definition import (
    COMMON_RULES,
    USAGES,
    WEIGHTS,
    DefinitionError,
    FieldDefinition,
    TypeDefinition,
    label_from,
)
from cms.content.fields import KINDS, context_for
from cms.content.problems import InvalidValue

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# The content API uses these beside the fields, as filters, orders or includes.
RESERVED_FIELD_KEYS = frozenset(
    {"id", "parent", "path", "slug", "seo", "tree", "translation_key", "translations"}
    | {"published_at", "updated_at", "refers_to"}
)
TYPE_RULES = frozenset({"key", "name", "icon", "usage", "title", "parents", "fields", "version"})
OPTIONS_NAMING_TYPES = {"to": ("page", "item"), "blocks": ("block",)}

Faults = Iterator[tuple[str, str]]


def parse_type(mapping: Any, known_types: Mapping[str, str] | None = None) -> TypeDefinition:
    """Return the definition that `dump_type` would write as this mapping.

    `known_types` maps the key of every type to its usage, to check `parents`, `to` and `blocks`; None skips that.
    Raises DefinitionError with every (path, message), such as ("fields.title.max_length", "must be ...").
    """
    faults = [*_type_faults(mapping)]
    if faults:
        raise DefinitionError(faults)
    fields = []
    for index, each in enumerate(mapping["fields"]):
        try:
            fields.append(parse_field(each, usage=mapping["usage"], path=f"fields[{index}]"))
        except DefinitionError as error:
            faults += error.problems
    if faults:
        raise DefinitionError(faults)
    definition = _built(mapping, fields)
    faults = [*_faults_between(definition), *_unknown_types(definition, known_types)]
    if faults:
        raise DefinitionError(faults)
    return definition


def parse_field(mapping: Any, *, usage: str, path: str) -> FieldDefinition:
    """Return the field of this mapping; rules that every field has and the options of its kind stand side by side.

    `path` is used in faults until the field's key is known to be good.
    """
    faults = [*_field_faults(mapping, path)]
    if faults:
        raise DefinitionError(faults)
    path = f"fields.{mapping['key']}"
    rules = {name: mapping[name] for name in COMMON_RULES if name in mapping}
    options = {name: value for name, value in mapping.items() if name not in {"key", "kind", *COMMON_RULES}}
    field = FieldDefinition(
        key=mapping["key"],
        kind=mapping["kind"],
        options=options,
        **{"label": label_from(mapping["key"])} | rules | {"was": tuple(rules.get("was", ()))},
    )
    kind = KINDS[field.kind]
    faults = [(f"{path}.{each.path}", each.message) for each in kind.check_options(field)]
    faults += [(f"{path}.{name}", message) for name, message in _mark_faults(field, usage)]
    if faults:
        raise DefinitionError(faults)
    return _with_clean_default(replace(field, options=kind.normal_options(options)), path)


def _type_faults(mapping: Any) -> Faults:
    if not isinstance(mapping, Mapping):
        yield "", "A type must be a mapping."
        return
    for name in mapping:
        if name not in TYPE_RULES:
            yield str(name), f"is no rule of a type; known: {', '.join(sorted(TYPE_RULES))}."
    if not _is_key(mapping.get("key")):
        yield "key", "must begin with a letter and hold only a-z, 0-9 and _, at most 40 characters."
    if not _is_text(mapping.get("name"), 80) or not mapping["name"]:
        yield "name", "must be a text of 1 to 80 characters."
    if mapping.get("usage") not in USAGES:
        yield "usage", f"must be one of {', '.join(USAGES)}."
    if not _is_text(mapping.get("icon", ""), 40):
        yield "icon", "must be a text of at most 40 characters."
    if not isinstance(mapping.get("title", ""), str):
        yield "title", "must be the key of a field."
    if not _is_list_of_keys(mapping.get("parents", [])):
        yield "parents", "must be a list of different keys of types."
    if not isinstance(mapping.get("fields"), list):
        yield "fields", "must be a list of fields."
    if not _is_version(mapping.get("version", 1)):
        yield "version", "must be a whole number from 1."


def _field_faults(mapping: Any, path: str) -> Faults:
    if not isinstance(mapping, Mapping) or not all(isinstance(name, str) for name in mapping):
        yield path, "A field must be a mapping of names to values."
        return
    if not _is_key(mapping.get("key")):
        yield f"{path}.key", "must begin with a letter and hold only a-z, 0-9 and _, at most 40 characters."
        return
    path = f"fields.{mapping['key']}"
    if mapping.get("kind") not in KINDS:
        yield f"{path}.kind", f"must be one of {', '.join(sorted(KINDS))}."
    for name, longest in (("label", 100), ("help", 1000), ("group", 100)):
        if not _is_text(mapping.get(name, ""), longest):
            yield f"{path}.{name}", f"must be a text of at most {longest} characters."
    for name in ("required", "read_only", "localized", "filterable", "retired"):
        if not isinstance(mapping.get(name, False), bool):
            yield f"{path}.{name}", "must be true or false."
    if mapping.get("searchable") not in (None, *WEIGHTS):
        yield f"{path}.searchable", f"must be a weight: {', '.join(WEIGHTS)}."
    if not _is_list_of_keys(mapping.get("was", [])) or mapping["key"] in mapping.get("was", []):
        yield f"{path}.was", "must be a list of the field's different former keys."


def _mark_faults(field: FieldDefinition, usage: str) -> Faults:
    kind = KINDS[field.kind]
    if field.searchable and not field.localized:
        yield "searchable", "excludes localized: false, since shared text would be indexed again in every locale."
    if field.filterable and not kind.can_filter:
        yield "filterable", f"is not for {field.kind}; add a field of another kind for what readers filter by."
    if field.searchable and not kind.can_search:
        yield "searchable", f"is not for {field.kind}; only text, rich_text and blocks are searched."
    if usage == "block" and (field.filterable or field.searchable or not field.localized):
        yield "key", "must not be filterable, searchable or localized: false; the field that holds the block decides."
    if usage != "block" and field.key in RESERVED_FIELD_KEYS:
        yield "key", "is reserved by the content API; choose another, such as " + f"own_{field.key}."


def _with_clean_default(field: FieldDefinition, path: str) -> FieldDefinition:
    try:
        default = KINDS[field.kind].clean(field.default, field, path, context_for({}))
    except InvalidValue as error:
        faults = [(f"{path}.default", f"is no value of this field: {each.message}") for each in error.problems]
        raise DefinitionError(faults) from None
    return replace(field, default=default or (None if default in ("", [], {}) else default))


def _built(mapping: Mapping[str, Any], fields: list[FieldDefinition]) -> TypeDefinition:
    return TypeDefinition(
        key=mapping["key"],
        name=mapping["name"],
        usage=mapping["usage"],
        icon=mapping.get("icon", ""),
        title=mapping.get("title", ""),
        parents=tuple(mapping.get("parents", ())),
        fields=tuple(fields),
        version=mapping.get("version", 1),
    )


def _faults_between(definition: TypeDefinition) -> Faults:
    names = [name for each in definition.fields for name in (each.key, *each.was)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"fields.{name}", "is named twice, as a key or in was; data under this name could not be told apart."
    title = definition.field(definition.title)
    if definition.title or definition.usage != "block":
        if title is None or title.kind != "text" or title.retired:
            yield "title", "must be the key of a text field, the one that stands for the document in lists."
        elif not title.localized and definition.usage == "page":
            yield "title", "must name a localized field, since each locale of a page has a title of its own."
    if definition.parents and definition.usage != "page":
        yield "parents", "is for pages only; items and blocks have no place in the tree."


def _unknown_types(definition: TypeDefinition, known_types: Mapping[str, str] | None) -> Faults:
    if known_types is None:
        return
    known = {**known_types, definition.key: definition.usage}
    for parent in definition.parents:
        if known.get(parent) != "page":
            yield "parents", f"names {parent}, which is no type of page."
    for field in definition.fields:
        for option, usages in OPTIONS_NAMING_TYPES.items():
            for name in field.options.get(option, ()):
                if known.get(name) not in usages:
                    yield f"fields.{field.key}.{option}", f"names {name}, which is no type of {' or '.join(usages)}."


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and KEY.fullmatch(value) is not None


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _is_list_of_keys(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_key, value)) and len(set(value)) == len(value)


def _is_version(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
