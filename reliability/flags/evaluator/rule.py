"""How does a rule become a function? Each node of JSONLogic becomes a closure over those below it. Pure.

What reads nothing of the context is worked out once, when it is compiled. An operator that does not exist raises when
it is reached, and only then, as in every implementation of flagd.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Run = Callable[[Any], Any]
"""A compiled rule: takes the data at hand (the context, or an item of a list), gives a value."""


class UnknownOperator(LookupError):
    """The rule uses an operator that does not exist; also a `$ref` to nothing."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule stands: in which flag, with which process constants, and what the data at hand is."""

    flag_key: str
    constants: Mapping[str, Any]
    """Attributes that never change in this process, such as the region."""
    clock: Callable[[], float]
    reads: set[str] = field(default_factory=set)
    """First keys of the attributes that the rules compiled so far read; "" is the whole context."""
    is_root: bool = True

    def inner(self) -> "Scope":
        """The scope of a rule for the items of a list: their fields are no attributes of the context."""
        return replace(self, is_root=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled rule; a constant one runs without looking at anything."""

    run: Run
    is_constant: bool = False

    @property
    def value(self) -> Any:
        """The value of a constant."""
        return self.run(None)


Compiler = Callable[[list[Any], Scope], Node]


def constant(value: Any) -> Node:
    """Make a rule that is always the same."""
    return Node(lambda data: value, is_constant=True)


def compile_rule(rule: Any, scope: Scope) -> Node:
    """Compile a rule. Never raises; what is wrong with a rule shows when it runs."""
    if isinstance(rule, list):
        return _list([compile_rule(each, scope) for each in rule])
    if not isinstance(rule, dict) or len(rule) != 1:
        return constant(rule)
    [(name, given)] = rule.items()
    compiler = COMPILERS.get(name)
    if compiler is None:
        return Node(_unknown(name))
    return compiler(given if isinstance(given, list) else [given], scope)


COMPILERS: dict[str, Compiler] = {}
"""By operator; filled by the modules beside this one."""


def folded(run: Run, parts: list[Node]) -> Node:
    """Make a node of its parts; worked out now when all of them are constant, unless that fails."""
    if not all(part.is_constant for part in parts):
        return Node(run)
    try:
        value = run(None)
    except Exception:  # noqa: BLE001 - a rule that fails must fail when it is asked, not when it is loaded
        return Node(run)
    return constant(value)


def _list(parts: list[Node]) -> Node:
    runs = [part.run for part in parts]
    return folded(lambda data: [run(data) for run in runs], parts)


def _unknown(name: str) -> Run:
    def run(data: Any) -> Any:
        raise UnknownOperator(name)

    return run
