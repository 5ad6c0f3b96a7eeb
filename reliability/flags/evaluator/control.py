"""What is looked at only when needed: conditions, and rules for the items of a list. Pure."""

from collections.abc import Callable
from typing import Any

from reliability.flags.evaluator.rule import COMPILERS, Node, Run, Scope, compile_rule, constant, folded
from reliability.flags.values import truth


def compile_if(args: list[Any], scope: Scope) -> Node:
    """Compile `if`: pairs of condition and result, then what is left. Branches that are never taken are left out."""
    pairs: list[tuple[Node, Node]] = []
    rest = args
    while len(rest) > 1:
        condition = compile_rule(rest[0], scope)
        if condition.is_constant and not truth(condition.value):
            rest = rest[2:]
            continue
        if condition.is_constant:
            return _branches(pairs, compile_rule(rest[1], scope))
        pairs.append((condition, compile_rule(rest[1], scope)))
        rest = rest[2:]
    return _branches(pairs, compile_rule(rest[0], scope) if rest else constant(None))


def _branches(pairs: list[tuple[Node, Node]], otherwise: Node) -> Node:
    if not pairs:
        return otherwise
    runs = [(condition.run, result.run) for condition, result in pairs]
    last = otherwise.run

    def run(data: Any) -> Any:
        for condition, result in runs:
            met = condition(data)
            if met is True or (met is not False and truth(met)):
                return result(data)
        return last(data)

    return Node(run)


def _until(stops_at: bool) -> Callable[[list[Any], Scope], Node]:
    def compile_chain(args: list[Any], scope: Scope) -> Node:
        parts = [compile_rule(arg, scope) for arg in args]
        runs = [part.run for part in parts]

        def run(data: Any) -> Any:
            value = None
            for each in runs:
                value = each(data)
                if truth(value) is stops_at:
                    return value
            return value

        return folded(run, parts)

    return compile_chain


def _over_items(combine: Callable[[list[Any], Run], Any], when_none: Any) -> Callable[[list[Any], Scope], Node]:
    """Make the compiler of an operator that runs a rule for each item of a list."""

    def compile_items(args: list[Any], scope: Scope) -> Node:
        items = compile_rule(args[0] if args else None, scope)
        each = compile_rule(args[1] if len(args) > 1 else None, scope.inner()).run

        def run(data: Any) -> Any:
            found = items.run(data)
            return combine(found, each) if isinstance(found, list) and len(args) > 1 else when_none

        return Node(run)

    return compile_items


def compile_reduce(args: list[Any], scope: Scope) -> Node:
    """Compile `reduce`: the rule sees `current` and `accumulator`."""
    items = compile_rule(args[0] if args else None, scope)
    each = compile_rule(args[1] if len(args) > 1 else None, scope.inner()).run
    first = args[2] if len(args) > 2 else None
    begin = compile_rule(first, scope)

    def run(data: Any) -> Any:
        found, result = items.run(data), begin.run(data)
        for item in found if isinstance(found, list) else ():
            result = each({"current": item, "accumulator": result})
        return result

    return Node(run)


COMPILERS |= {
    "if": compile_if,
    "?:": compile_if,
    "and": _until(False),
    "or": _until(True),
    "filter": _over_items(lambda items, each: [item for item in items if truth(each(item))], []),
    "map": _over_items(lambda items, each: [each(item) for item in items], []),
    "all": _over_items(lambda items, each: bool(items) and all(truth(each(item)) for item in items), False),
    "some": _over_items(lambda items, each: any(truth(each(item)) for item in items), False),
    "none": _over_items(lambda items, each: not any(truth(each(item)) for item in items), True),
    "reduce": compile_reduce,
}
