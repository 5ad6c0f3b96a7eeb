"""Types as YAML, for people to keep under version control and to carry from one site to another."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from cms.content.definition import DefinitionError, TypeDefinition, dump_type
from cms.content.parsing import parse_type

FORMAT = 1
MAX_CHARACTERS = 2_000_000
BOOLEAN = "tag:yaml.org,2002:bool"
TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: `no` and `2026-01-31` stay texts, and a key stands once."""

    yaml_implicit_resolvers = {
        first: [(tag, found) for tag, found in resolvers if tag not in (BOOLEAN, TIMESTAMP)]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        # A few aliases of aliases unfold to gigabytes; types have no need of them.
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.constructor.ConstructorError(None, None, "aliases (*name) are not supported", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.add_implicit_resolver(BOOLEAN, re.compile("true|false"), list("tf"))


def read_types(text: str, known_types: Mapping[str, str] | None = None) -> list[TypeDefinition]:
    """Return the types of a YAML file in its order.

    `known_types` maps keys of types that exist already to their usage; those of the file may name each other anyway.
    Raises DefinitionError with every fault, each path with its line: "article.fields.day.kind (line 12)".
    """
    root, document = _loaded(text)
    entries = _entries(document)
    known = dict(known_types or {}) | {each["key"]: each.get("usage", "") for each in entries if _is_named(each)}
    types, faults = [], []
    for index, entry in enumerate(entries):
        try:
            types.append(parse_type(entry, known))
        except DefinitionError as error:
            node = _child(_child(root, "types"), str(index))
            name = entry["key"] if _is_named(entry) else f"types[{index}]"
            faults += [(_located(name, path, node), message) for path, message in error.problems]
    keys = [each.key for each in types]
    faults += [(key, "is defined twice in this file.") for key in sorted({k for k in keys if keys.count(k) > 1})]
    if faults:
        raise DefinitionError(faults)
    return types


def write_types(types: Iterable[TypeDefinition]) -> str:
    """Return the YAML of these types; `read_types` gives the same types back, and equal types give equal text."""
    document = {"format": FORMAT, "types": [dump_type(each) for each in types]}
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _loaded(text: str) -> tuple[Any, Any]:
    """Return the tree of nodes, which knows the lines, and the plain data."""
    if len(text) > MAX_CHARACTERS:
        raise DefinitionError([("", f"The file must have at most {MAX_CHARACTERS} characters.")])
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        return root, loader.construct_document(root) if root else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        raise DefinitionError([(where, f"is no YAML: {getattr(error, 'problem', None) or error}.")]) from None


def _entries(document: Any) -> list[Any]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DefinitionError([("format", f"The file must begin with format: {FORMAT}.")])
    strange = [str(name) for name in document if name not in ("format", "types")]
    if strange or not isinstance(document.get("types"), list):
        raise DefinitionError([(strange[0] if strange else "types", "The file must hold format and a list of types.")])
    return list(document["types"])


def _is_named(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("key"), str)


def _located(name: str, path: str, node: Any) -> str:
    for part in path.replace("[", ".").replace("]", "").split("."):
        node = _child(node, part) or node
    return f"{name}.{path} (line {node.start_mark.line + 1})" if path else f"{name} (line {node.start_mark.line + 1})"


def _child(node: Any, part: str) -> Any:
    """Return the node below by key, by index, or by the `key` of a mapping in a list; None when there is none."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode):
        if part.isdigit() and int(part) < len(node.value):
            return node.value[int(part)]
        return next((each for each in node.value if getattr(_child(each, "key"), "value", None) == part), None)
    return None
