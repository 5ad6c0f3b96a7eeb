"""Is a rule well-typed, so that every implementation of flagd answers it alike? Pure."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from reliability.flags import semver
from reliability.flags.validation.faults import Attributes, Fault, Kind, kind_of, named
from reliability.wording import say as _

INJECTED: Attributes = {"$flagd.flagKey": Kind.TEXT, "$flagd.timestamp": Kind.NUMBER, "targetingKey": Kind.TEXT}
WEIGHT_SUM_MAX = 2_147_483_647
DEPTH_MAX = 30
PAIR = 2


@dataclass
class RuleCheck:
    """Walks one rule and collects what is wrong with it."""

    attributes: Attributes
    variants: Set[str]
    faults: list[Fault] = field(default_factory=list)
    is_root: bool = True
    depth: int = 0

    def fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(path, message))

    def variant(self, rule: Any, path: str) -> None:
        """Insist that a rule gives a declared variant, or null for the default one."""
        if rule is None:
            return
        if isinstance(rule, bool):
            rule = "true" if rule else "false"
        if isinstance(rule, str):
            if rule not in self.variants:
                self.fault(
                    path,
                    _(
                        "no such variant: {rule!r}; there are: {known}",
                        rule=rule,
                        known=", ".join(sorted(self.variants)),
                    ),
                )
            return
        operator, args = self.call(rule, path)
        if operator in ("if", "?:"):
            self._branches(args, f"{path}.{operator}", lambda each, where: self.variant(each, where))
        elif operator == "fractional":
            self._shares(args, f"{path}.fractional")
        elif operator is not None:
            self.fault(
                path, _("must give a variant; {operator!r} gives a value. Use if or fractional.", operator=operator)
            )

    def condition(self, rule: Any, path: str) -> None:
        """Insist that a rule is true or false."""
        kind = self.value(rule, path)
        if kind not in (Kind.TRUTH, Kind.ANY):
            self.fault(
                path,
                _('must be true or false, but is a {kind}; write {{"!!": ...}} for "is not empty"', kind=named(kind)),
            )

    def value(self, rule: Any, path: str) -> Kind:
        """Tell what kind of value a rule gives; collects the faults inside it."""
        if isinstance(rule, list):
            for place, each in enumerate(rule):
                self.value(each, f"{path}[{place}]")
            return Kind.LIST
        if not isinstance(rule, dict):
            return kind_of(rule)
        operator, args = self.call(rule, path)
        if operator is None:
            return Kind.ANY
        self.depth += 1
        if self.depth > DEPTH_MAX:
            self.fault(path, _("rules are at most {most} levels deep", most=DEPTH_MAX))
            return Kind.ANY
        kind = OPERATORS[operator](self, args, f"{path}.{operator}")
        self.depth -= 1
        return kind

    def call(self, rule: Any, path: str) -> tuple[str | None, list[Any]]:
        """Take a rule apart into operator and arguments; (None, []) with a fault when it is none."""
        if not isinstance(rule, dict) or len(rule) != 1:
            self.fault(path, _('a rule is an object with one operator, such as {"==": [...]}'))
            return None, []
        [(operator, given)] = rule.items()
        if operator == "$ref":
            self.fault(path, _("no such shared rule: {given!r}; add it to $evaluators", given=given))
            return None, []
        if operator not in OPERATORS and operator != "fractional":
            self.fault(
                path,
                _(
                    "no such operator: {operator!r}; there are: {known}",
                    operator=operator,
                    known=", ".join([*OPERATORS, "fractional"]),
                ),
            )
            return None, []
        return operator, given if isinstance(given, list) else [given]

    def count(self, args: list[Any], path: str, least: int, most: int | None = None) -> bool:
        """Insist on a number of arguments; `most` None is any number."""
        if least <= len(args) and (most is None or len(args) <= most):
            return True
        self.fault(path, _("takes {wanted} arguments, got {count}", wanted=_range(least, most), count=len(args)))
        return False

    def inner(self) -> "RuleCheck":
        """The check of a rule for the items of a list; faults go to the same list."""
        return RuleCheck(self.attributes, self.variants, self.faults, is_root=False, depth=self.depth)

    def _branches(self, args: list[Any], path: str, result: Callable[[Any, str], None]) -> None:
        if not self.count(args, path, 1):
            return
        for place in range(0, len(args) - 1, 2):
            self.condition(args[place], f"{path}[{place}]")
            result(args[place + 1], f"{path}[{place + 1}]")
        if len(args) % 2:
            result(args[-1], f"{path}[{len(args) - 1}]")

    def _shares(self, args: list[Any], path: str) -> None:
        shares = list(enumerate(args))
        if args and not isinstance(args[0], list):
            kind = self.value(args[0], f"{path}[0]")
            if kind in (Kind.LIST, Kind.NOTHING):
                self.fault(
                    f"{path}[0]",
                    _("what is hashed must be a text, a number or a truth, but is a {kind}", kind=named(kind)),
                )
            shares = shares[1:]
        if not shares:
            self.fault(path, _('give shares, such as ["on", 10], ["off", 90]'))
        total = sum(self._share(share, f"{path}[{place}]") for place, share in shares)
        if shares and total > WEIGHT_SUM_MAX:
            self.fault(path, _("the weights may add up to {most} at most", most=WEIGHT_SUM_MAX))
        if shares and total == 0 and all(_is_plain(share) for _, share in shares):
            self.fault(path, _("one of the weights must be above 0"))

    def _share(self, share: Any, path: str) -> int:
        """Check one share; gives its weight if that is known."""
        if not isinstance(share, list) or not 1 <= len(share) <= PAIR:
            self.fault(path, _('a share is a list of a variant and a weight, such as ["on", 10]'))
            return 0
        self.variant(share[0], f"{path}[0]")
        weight = share[1] if len(share) == PAIR else 1
        if isinstance(weight, dict):
            if self.value(weight, f"{path}[1]") not in (Kind.NUMBER, Kind.ANY):
                self.fault(f"{path}[1]", _("weight must be a number"))
            return 0
        if not isinstance(weight, int) or isinstance(weight, bool) or weight < 0:
            self.fault(f"{path}[1]", _("weight must be an integer >= 0, got {weight}", weight=_shown(weight)))
            return 0
        return weight


def _range(least: int, most: int | None) -> str:
    if most is None:
        return _("{least} or more", least=least)
    return f"{least}" if most == least else _("{least} to {most}", least=least, most=most)


def _is_plain(share: Any) -> bool:
    return isinstance(share, list) and (len(share) < PAIR or isinstance(share[1], int))


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


Check = Callable[[RuleCheck, list[Any], str], Kind]


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
    walk._branches(args, path, lambda each, where: kinds.add(walk.value(each, where)))
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
            path, _("no such attribute: {name}; there are: {known}", name=_shown(name), known=", ".join(sorted(known)))
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
