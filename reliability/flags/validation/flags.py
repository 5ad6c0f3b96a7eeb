"""Is a flag right, apart from its rule? Pure."""

import re
from typing import Any

from reliability.flags.validation.faults import Attributes, Fault, kind_of, named
from reliability.flags.validation.operators import rule_check
from reliability.wording import say as _

KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
MEMBERS = ("state", "variants", "defaultVariant", "targeting", "metadata")
STATES = ("ENABLED", "DISABLED")
HASHES = ("v3",)


def check_flag(key: str, definition: Any, attributes: Attributes, *, path: str) -> list[Fault]:
    """List what is wrong with a flagd flag whose shared rules are put in; an empty list is a good flag."""
    faults: list[Fault] = []
    if not KEY.fullmatch(key):
        faults.append(Fault(path, _("a key has 1 to 100 lower-case letters, digits, dots, hyphens and underscores")))
    if not isinstance(definition, dict):
        return [*faults, Fault(path, _("must be an object"))]
    for name in definition:
        if name not in MEMBERS:
            faults.append(Fault(f"{path}.{name}", _("no such member; there are: {known}", known=", ".join(MEMBERS))))
    if definition.get("state") not in STATES:
        faults.append(Fault(f"{path}.state", _("must be one of {known}", known=", ".join(STATES))))
    faults += _variants(definition.get("variants"), f"{path}.variants")
    faults += _metadata(definition.get("metadata"), f"{path}.metadata")
    variants = definition.get("variants")
    if not isinstance(variants, dict) or not variants:
        return faults
    faults += _default(definition.get("defaultVariant"), variants, f"{path}.defaultVariant")
    targeting = definition.get("targeting")
    if targeting and not isinstance(targeting, dict):
        faults.append(Fault(f"{path}.targeting", _('must be a rule, such as {"if": [true, "on"]}')))
    elif targeting:
        walk = rule_check(attributes, frozenset(variants))
        walk.variant(targeting, f"{path}.targeting")
        faults += walk.faults
    return faults


def _variants(variants: Any, path: str) -> list[Fault]:
    if not isinstance(variants, dict) or not variants:
        return [Fault(path, _('give at least one variant, such as {"on": true, "off": false}'))]
    kinds = {kind_of(value) for value in variants.values()}
    if len(kinds) > 1:
        return [
            Fault(
                path,
                _("all values must be of one kind, but there are: {kinds}", kinds=", ".join(sorted(map(named, kinds)))),
            )
        ]
    return [Fault(f"{path}.{name}", _("null is no value")) for name, value in variants.items() if value is None]


def _default(name: Any, variants: dict[str, Any], path: str) -> list[Fault]:
    if isinstance(name, bool):
        name = "true" if name else "false"
    if name is None or (isinstance(name, str) and name in variants):
        return []
    return [
        Fault(path, _("no such variant: {name!r}; there are: {known}", name=name, known=", ".join(sorted(variants))))
    ]


def _metadata(metadata: Any, path: str) -> list[Fault]:
    if metadata is None:
        return []
    if not isinstance(metadata, dict):
        return [Fault(path, _("must be an object"))]
    faults = [
        Fault(f"{path}.{name}", _("must be a text, a number or a truth"))
        for name, value in metadata.items()
        if not isinstance(value, str | int | float | bool)
    ]
    if metadata.get("hash", HASHES[0]) not in HASHES:
        faults.append(Fault(f"{path}.hash", _("must be one of {known}", known=", ".join(HASHES))))
    return faults
