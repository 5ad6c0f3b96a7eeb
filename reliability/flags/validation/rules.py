"""Is a rule well-typed, so that every implementation of flagd answers it alike? Pure."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from reliability.flags.validation.faults import Attributes, Fault, Kind, kind_of, named
from reliability.wording import say as _

WEIGHT_SUM_MAX = 2_147_483_647
DEPTH_MAX = 30
PAIR = 2


@dataclass
class RuleCheck:
    """Walks one rule and collects what is wrong with it."""

    attributes: Attributes
    variants: Set[str]
    operators: Mapping[str, "Check"]
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
            self.branches(args, f"{path}.{operator}", lambda each, where: self.variant(each, where))
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
        kind = self.operators[operator](self, args, f"{path}.{operator}")
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
        if operator not in self.operators and operator != "fractional":
            self.fault(
                path,
                _(
                    "no such operator: {operator!r}; there are: {known}",
                    operator=operator,
                    known=", ".join([*self.operators, "fractional"]),
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
        return RuleCheck(self.attributes, self.variants, self.operators, self.faults, is_root=False, depth=self.depth)

    def branches(self, args: list[Any], path: str, result: Callable[[Any, str], None]) -> None:
        """Check the conditions of an `if`, and let `result` check what it gives."""
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
            self.fault(f"{path}[1]", _("weight must be an integer >= 0, got {weight}", weight=shown(weight)))
            return 0
        return weight


Check = Callable[[RuleCheck, list[Any], str], Kind]
"""Checks the arguments of one operator, and tells what kind of value it gives."""


def _range(least: int, most: int | None) -> str:
    if most is None:
        return _("{least} or more", least=least)
    return f"{least}" if most == least else _("{least} to {most}", least=least, most=most)


def _is_plain(share: Any) -> bool:
    return isinstance(share, list) and (len(share) < PAIR or isinstance(share[1], int))


def shown(value: Any) -> str:
    """Write a value as people wrote it."""
    return f'"{value}"' if isinstance(value, str) else str(value)
