"""What do shared rules stand for? `{"$ref": name}` is replaced in the tree, never in the text. Pure."""

from collections.abc import Mapping
from typing import Any

REF = "$ref"


class ReferenceLoop(ValueError):
    """Shared rules refer to each other in a circle; the message names them."""


def resolve(rule: Any, shared: Mapping[str, Any], *, within: tuple[str, ...] = ()) -> Any:
    """Put shared rules in place of their names; a name that is unknown stays, and fails when it is asked.

    Raises ReferenceLoop.
    """
    if isinstance(rule, list):
        return [resolve(each, shared, within=within) for each in rule]
    if not isinstance(rule, dict):
        return rule
    name = rule.get(REF) if len(rule) == 1 else None
    if not isinstance(name, str) or name not in shared:
        return {key: resolve(value, shared, within=within) for key, value in rule.items()}
    if name in within:
        raise ReferenceLoop(" -> ".join((*within, name)))
    return resolve(shared[name], shared, within=(*within, name))
