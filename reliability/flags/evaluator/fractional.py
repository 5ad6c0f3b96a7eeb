"""Shares of people: `fractional`. Pure."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from reliability.flags.bucketing import WEIGHT_SUM_MAX, bucket, hash_with, pair_prefix
from reliability.flags.evaluator.rule import COMPILERS, Node, Scope, compile_rule

PAIR = 2


def compile_fractional(args: list[Any], scope: Scope) -> Node:
    """Compile `fractional`: an optional value to hash, then [variant, weight] entries in their order.

    Without the value the pair of flag key and targeting key is hashed, so that the shares of two flags are independent.
    """
    parts = [compile_rule(arg, scope) for arg in args]
    if not parts:
        return Node(lambda data: None)
    first_is_share = isinstance(args[0], list)
    if first_is_share:
        scope.reads.add("targetingKey")
    shares = parts if first_is_share else parts[1:]
    if first_is_share and all(share.is_constant for share in shares):
        return _fixed(_weights([share.value for share in shares]), scope.flag_key)
    scope.reads.add("targetingKey")
    return _computed(parts, scope.flag_key)


def _fixed(weighted: tuple[list[Any], list[int]] | None, flag_key: str) -> Node:
    if weighted is None:
        return Node(lambda data: None)
    variants, ends = weighted
    total = ends[-1]
    prefix = pair_prefix(flag_key)

    def run(data: Any) -> Any:
        key = data.get("targetingKey") if data else None
        if not key or type(key) is not str:
            return None
        return variants[bisect_right(ends, (hash_with(prefix, key) * total) >> 32)]

    return Node(run)


def _computed(parts: list[Node], flag_key: str) -> Node:
    runs = [part.run for part in parts]

    def run(data: Any) -> Any:
        values = [each(data) for each in runs]
        if isinstance(values[0], list):
            key = data.get("targetingKey") if data else None
            hashed: Any = (flag_key, key) if key and isinstance(key, str) else None
        else:
            hashed, values = values[0], values[1:]
        weighted = _weights(values)
        if hashed is None or weighted is None:
            return None
        variants, ends = weighted
        place = bucket(hashed, ends[-1])
        return None if place is None else variants[bisect_right(ends, place)]

    return Node(run)


def _weights(shares: list[Any]) -> tuple[list[Any], list[int]] | None:
    """Give the variants and where the share of each ends; None when the shares cannot be used."""
    weights = [_weight(share) for share in shares]
    ends = list(accumulate(weight for weight in weights if weight is not None))
    if None in weights or not ends or not 0 < ends[-1] <= WEIGHT_SUM_MAX:
        return None
    return [share[0] for share in shares], ends


def _weight(share: Any) -> int | None:
    """Read the weight of a share; 1 when it has none, 0 for less (a ramp may compute that), None when it is none."""
    if not isinstance(share, list) or not 1 <= len(share) <= PAIR:
        return None
    if len(share) == 1:
        return 1
    weight = share[1]
    return max(0, weight) if isinstance(weight, int) and not isinstance(weight, bool) else None


COMPILERS["fractional"] = compile_fractional
