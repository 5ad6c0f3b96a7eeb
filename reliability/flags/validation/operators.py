"""What does each operator of a rule take, and what does it give? Pure."""

from collections.abc import Mapping, Set
from typing import Any

from reliability.flags import semver
from reliability.flags.validation.faults import Attributes, Kind, named
from reliability.flags.validation.rules import Check, RuleCheck, shown
from reliability.wording import say as _

INJECTED: Attributes = {"$flagd.flagKey": Kind.TEXT, "$flagd.timestamp": Kind.NUMBER, "targetingKey": Kind.TEXT}


def _typed(result: Kind, kind: Kind, least: int, most: int | None = None) -> Check:
    """Make the check of an operator whose arguments are all of one kind."""

    def check(walk: RuleCheck, args: list[Any], path: str) -> Kind:
        walk.count(args, path, least, most)
        for place, arg in enumerate(args):
            found = walk.value(arg, f"{path}[{place}]")
            if kind is not Kind.ANY and found not in (kind, Kind.ANY):
                walk.fault(
                    f"{path}[{place}]", _("must be a {kind}, but is a {found}", kind=named(kind), found=named(found))
                )
        return result

    return check


def _compared(least: int, most: int, kinds: Set[Kind]) -> Check:
    """Make the check of a comparison: everything of one kind."""

    def check(walk: RuleCheck, args: list[Any], path: str) -> Kind:
        walk.count(args, path, least, most)
        found = [walk.value(arg, f"{path}[{place}]") for place, arg in enumerate(args)]
        known = {kind for kind in found if kind is not Kind.ANY}
        if len(known) > 1:
            walk.fault(
                path,
                _("compares a {kinds}; both must be of one kind", kinds=_(" with a ").join(sorted(map(named, known)))),
            )
        elif known - kinds:
            walk.fault(path, _("cannot compare a {kind}", kind=named(known.pop())))
        return Kind.TRUTH

    return check


def _chosen(walk: RuleCheck, args: list[Any], path: str) -> Kind:
    kinds: set[Kind] = set()
    walk.branches(args, path, lambda each, where: kinds.add(walk.value(each, where)))
    return kinds.pop() if len(kinds) == 1 else Kind.ANY


def _conditions(walk: RuleCheck, args: list[Any], path: str) -> Kind:
    walk.count(args, path, 1)
    for place, arg in enumerate(args):
        walk.condition(arg, f"{path}[{place}]")
    return Kind.TRUTH


def _contained(walk: RuleCheck, args: list[Any], path: str) -> Kind:
    if walk.count(args, path, 2, 2):
        needle, haystack = walk.value(args[0], f"{path}[0]"), walk.value(args[1], f"{path}[1]")
        if haystack not in (Kind.LIST, Kind.TEXT, Kind.ANY):
            walk.fault(f"{path}[1]", _("must be a list or a text, but is a {haystack}", haystack=named(haystack)))
        if haystack is Kind.TEXT and needle not in (Kind.TEXT, Kind.ANY):
            walk.fault(f"{path}[0]", _("must be a text, but is a {needle}", needle=named(needle)))
    return Kind.TRUTH


def _version(walk: RuleCheck, args: list[Any], path: str) -> Kind:
    if walk.count(args, path, 3, 3):
        for place in (0, 2):
            if walk.value(args[place], f"{path}[{place}]") not in (Kind.TEXT, Kind.ANY):
                walk.fault(f"{path}[{place}]", _('must be a version as a text, such as "2.4.0"'))
            if isinstance(args[place], str) and semver.parse(args[place]) is None:
                walk.fault(
                    f"{path}[{place}]", _('{version!r} is no version; write it like "2.4.0"', version=args[place])
                )
        if args[1] not in semver.TESTS:
            walk.fault(f"{path}[1]", _("must be one of {known}", known=" ".join(semver.TESTS)))
    return Kind.TRUTH


def _attribute(walk: RuleCheck, args: list[Any], path: str) -> Kind:
    walk.count(args, path, 1, 2)
    name = args[0] if args else ""
    if not walk.is_root:
        return Kind.ANY
    known: Mapping[str, Kind] = {**walk.attributes, **INJECTED}
    if not isinstance(name, str) or name not in known:
        walk.fault(
            path, _("no such attribute: {name}; there are: {known}", name=shown(name), known=", ".join(sorted(known)))
        )
        return Kind.ANY
    if len(args) > 1:
        given = walk.value(args[1], f"{path}[1]")
        if given not in (known[name], Kind.ANY, Kind.NOTHING):
            walk.fault(
                f"{path}[1]",
                _(
                    "the default must be a {kind} as {name} is, but is a {given}",
                    kind=named(known[name]),
                    name=name,
                    given=named(given),
                ),
            )
    return known[name]


def _items(result: Kind) -> Check:
    """Make the check of an operator that runs a rule for each item of a list."""

    def check(walk: RuleCheck, args: list[Any], path: str) -> Kind:
        if walk.count(args, path, 2, 3):
            if walk.value(args[0], f"{path}[0]") not in (Kind.LIST, Kind.ANY):
                walk.fault(f"{path}[0]", _("must be a list"))
            walk.inner().value(args[1], f"{path}[1]")
        return result

    return check


SCALARS = frozenset({Kind.TEXT, Kind.NUMBER, Kind.TRUTH})
ORDERED = frozenset({Kind.TEXT, Kind.NUMBER})
OPERATORS: dict[str, Check] = {
    "if": _chosen,
    "?:": _chosen,
    "and": _conditions,
    "or": _conditions,
    "!": _typed(Kind.TRUTH, Kind.ANY, 1, 1),
    "!!": _typed(Kind.TRUTH, Kind.ANY, 1, 1),
    "==": _compared(2, 2, SCALARS),
    "!=": _compared(2, 2, SCALARS),
    "===": _compared(2, 2, SCALARS),
    "!==": _compared(2, 2, SCALARS),
    "<": _compared(2, 3, ORDERED),
    "<=": _compared(2, 3, ORDERED),
    ">": _compared(2, 2, ORDERED),
    ">=": _compared(2, 2, ORDERED),
    "in": _contained,
    "starts_with": _typed(Kind.TRUTH, Kind.TEXT, 2, 2),
    "ends_with": _typed(Kind.TRUTH, Kind.TEXT, 2, 2),
    "sem_ver": _version,
    "var": _attribute,
    "+": _typed(Kind.NUMBER, Kind.NUMBER, 1),
    "*": _typed(Kind.NUMBER, Kind.NUMBER, 1),
    "-": _typed(Kind.NUMBER, Kind.NUMBER, 1, 2),
    "/": _typed(Kind.NUMBER, Kind.NUMBER, 2, 2),
    "%": _typed(Kind.NUMBER, Kind.NUMBER, 2, 2),
    "min": _typed(Kind.NUMBER, Kind.NUMBER, 1),
    "max": _typed(Kind.NUMBER, Kind.NUMBER, 1),
    "cat": _typed(Kind.TEXT, Kind.ANY, 1),
    "substr": _typed(Kind.TEXT, Kind.ANY, 2, 3),
    "merge": _typed(Kind.LIST, Kind.ANY, 1),
    "missing": _typed(Kind.LIST, Kind.ANY, 1),
    "missing_some": _typed(Kind.LIST, Kind.ANY, 2, 2),
    "filter": _items(Kind.LIST),
    "map": _items(Kind.LIST),
    "all": _items(Kind.TRUTH),
    "some": _items(Kind.TRUTH),
    "none": _items(Kind.TRUTH),
    "reduce": _items(Kind.ANY),
}


def rule_check(attributes: Attributes, variants: Set[str]) -> RuleCheck:
    """Give the check of a rule over these attributes, which gives one of these variants."""
    return RuleCheck(attributes, variants, OPERATORS)
