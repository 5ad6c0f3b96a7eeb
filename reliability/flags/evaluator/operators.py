"""Operators that look at all that they are given: comparisons, arithmetic, texts, versions. Pure."""

from collections.abc import Callable
from math import nan
from typing import Any

from reliability.flags import semver
from reliability.flags.evaluator.rule import COMPILERS, Compiler, Node, Scope, compile_rule, constant, folded
from reliability.flags.values import at_most, contains, equal, identical, less, number, part, text, truth

VERSION_ARGUMENTS, TEXT_ARGUMENTS = 3, 2


def _eager(function: Callable[..., Any]) -> Compiler:
    """Make the compiler of an operator that takes the values of its arguments."""

    def compile_call(args: list[Any], scope: Scope) -> Node:
        parts = [compile_rule(arg, scope) for arg in args]
        runs = [each.run for each in parts]
        if len(runs) == 2:
            first, second = runs
            return folded(lambda data: function(first(data), second(data)), parts)
        return folded(lambda data: function(*[run(data) for run in runs]), parts)

    return compile_call


def _compared_with(strict: Callable[[Any, Any], bool], *, negated: bool = False) -> Compiler:
    """Make the compiler of an equality; against a constant text, which is what rules have most, it is one `==`."""

    def compile_equal(args: list[Any], scope: Scope) -> Node:
        left = compile_rule(args[0] if args else None, scope)
        right = compile_rule(args[1] if len(args) > 1 else None, scope)
        if left.is_constant and not right.is_constant:
            left, right = right, left
        one, other = left.run, right.run
        if right.is_constant and isinstance(right.value, str):
            wanted = right.value

            def run(data: Any) -> bool:
                found = one(data)
                same = found == wanted if type(found) is str else strict(found, wanted)
                return same is not negated

            return folded(run, [left, right])
        return folded(lambda data: strict(one(data), other(data)) is not negated, [left, right])

    return compile_equal


def compile_in(args: list[Any], scope: Scope) -> Node:
    """Compile `in`; a constant list of texts is looked up as a set."""
    needle = compile_rule(args[0] if args else None, scope)
    haystack = compile_rule(args[1] if len(args) > 1 else None, scope)
    wanted, within = needle.run, haystack.run
    known = haystack.value if haystack.is_constant else None
    if isinstance(known, list) and all(isinstance(each, str) for each in known):
        texts = frozenset(known)
        return folded(lambda data: type(found := wanted(data)) is str and found in texts, [needle, haystack])
    return folded(lambda data: contains(wanted(data), within(data)), [needle, haystack])


def _ordered(before: Callable[[Any, Any], bool]) -> Callable[..., bool]:
    def compare(one: Any = None, two: Any = None, three: Any = None, *_: Any) -> bool:
        return before(one, two) and (three is None or before(two, three))

    return compare


def _sum(*values: Any) -> Any:
    return sum(number(value) for value in values)


def _product(*values: Any) -> Any:
    result: Any = 1
    for value in values:
        result *= number(value)
    return result


def _difference(one: Any = None, two: Any = None, *_: Any) -> Any:
    return -number(one) if two is None else number(one) - number(two)


def _merged(*values: Any) -> list[Any]:
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def compile_sem_ver(args: list[Any], scope: Scope) -> Node:
    """Compile `sem_ver`: version, operator, version."""
    parts = [compile_rule(arg, scope) for arg in args]
    if len(parts) != VERSION_ARGUMENTS:
        return constant(None)
    left, right = parts[0].run, parts[2].run
    if not parts[1].is_constant or not parts[2].is_constant:
        return folded(lambda data: semver.compare(left(data), parts[1].run(data), right(data)), parts)
    test, wanted = semver.TESTS.get(parts[1].value), semver.parse(str(parts[2].value))
    if test is None or wanted is None:
        return constant(None)

    def run(data: Any) -> bool | None:
        found = semver.parse(str(left(data)))
        return None if found is None else test(found, wanted)

    return folded(run, parts)


def _affix(test: Callable[[str, str], bool]) -> Compiler:
    """Make the compiler of a test of two texts; the second one is mostly a constant."""

    def compile_affix(args: list[Any], scope: Scope) -> Node:
        parts = [compile_rule(arg, scope) for arg in args]
        if len(parts) != TEXT_ARGUMENTS:
            return constant(None)
        one, other = parts[0].run, parts[1].run
        if parts[1].is_constant and isinstance(parts[1].value, str):
            wanted = parts[1].value
            return folded(lambda data: test(found, wanted) if isinstance(found := one(data), str) else None, parts)
        return folded(lambda data: _of_texts(test, one(data), other(data)), parts)

    return compile_affix


def _of_texts(test: Callable[[str, str], bool], one: Any, other: Any) -> bool | None:
    return test(one, other) if isinstance(one, str) and isinstance(other, str) else None


COMPILERS |= {
    "==": _compared_with(equal),
    "!=": _compared_with(equal, negated=True),
    "===": _compared_with(identical),
    "!==": _compared_with(identical, negated=True),
    "in": compile_in,
    "<": _eager(_ordered(less)),
    "<=": _eager(_ordered(at_most)),
    ">": _eager(_ordered(lambda left, right: less(right, left))),
    ">=": _eager(_ordered(lambda left, right: at_most(right, left))),
    "!": _eager(lambda value=None, *_: not truth(value)),
    "!!": _eager(lambda value=None, *_: truth(value)),
    "+": _eager(_sum),
    "*": _eager(_product),
    "-": _eager(_difference),
    "/": _eager(lambda one=None, two=None, *_: number(one) / number(two)),
    "%": _eager(lambda one=None, two=None, *_: number(one) % number(two)),
    "min": _eager(lambda *values: min((number(value) for value in values), default=nan)),
    "max": _eager(lambda *values: max((number(value) for value in values), default=nan)),
    "cat": _eager(lambda *values: "".join(text(value) for value in values)),
    "substr": _eager(lambda value=None, start=None, length=None, *_: part(value, start, length)),
    "merge": _eager(_merged),
    "sem_ver": compile_sem_ver,
    "starts_with": _affix(str.startswith),
    "ends_with": _affix(str.endswith),
}
