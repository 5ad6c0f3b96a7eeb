"""Whom would a change move? What a new definition does to people who have a variant already. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reliability.flags.evaluator import compile_flag
from reliability.wording import say as _

SAMPLE = 10_000


class Hint(NamedTuple):
    """Something to confirm before saving: a code, and the sentence that explains it."""

    code: str
    message: str


def compare(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Hint]:
    """List what a change would do that its author may not mean; empty when it is harmless."""
    hints: list[Hint] = []
    for number, (old, new) in enumerate(zip(_shares(before), _shares(after), strict=False), 1):
        if _names(old) != _names(new) and set(_names(old)) & set(_names(new)) and not _extends(old, new):
            hints.append(
                Hint(
                    "order",
                    _("Shares of split {number} stand in another order: people would change sides.", number=number),
                )
            )
        elif _shifts(old, new):
            hints.append(
                Hint(
                    "shift",
                    _("Split {number}: a variant between the growing and the shrinking one moves.", number=number),
                )
            )
    if hints:
        count = moved(key, before, after)
        hints.append(
            Hint("moved", _("Of {sample} sampled people {count} would change variant.", sample=SAMPLE, count=count))
        )
    return hints


def moved(key: str, before: Mapping[str, Any], after: Mapping[str, Any], *, context: Mapping[str, Any] | None = None,
          sample: int = SAMPLE) -> int:  # fmt: skip
    """Count the sampled people who would get another variant."""
    old, new = compile_flag(key, before), compile_flag(key, after)
    people = ({**(context or {}), "targetingKey": f"sample-{number}"} for number in range(sample))
    return sum(old.evaluate(None, each).variant != new.evaluate(None, each).variant for each in people)


def _shares(definition: Mapping[str, Any]) -> list[list[Any]]:
    return list(_splits(definition.get("targeting")))


def _splits(rule: Any) -> Iterator[list[Any]]:
    """Find the lists of shares in a rule, in their order."""
    if isinstance(rule, list):
        for each in rule:
            yield from _splits(each)
    elif isinstance(rule, dict):
        for name, value in rule.items():
            if name == "fractional" and isinstance(value, list):
                yield [share for share in value if isinstance(share, list) and share]
            else:
                yield from _splits(value)


def _names(shares: list[Any]) -> list[Any]:
    return [share[0] for share in shares]


def _extends(old: list[Any], new: list[Any]) -> bool:
    """Tell whether variants were only added behind, or taken away from the end."""
    one, other = _names(old), _names(new)
    return one == other[: len(one)] or other == one[: len(other)]


def _shifts(old: list[Any], new: list[Any]) -> bool:
    """Tell whether a variant keeps its weight but not its place: one before it grew, and one behind it shrank."""
    places: list[set[tuple[int, int]]] = []
    for shares in (old, new):
        weights = [share[1] if len(share) > 1 and isinstance(share[1], int) else 1 for share in shares]
        starts = [sum(weights[:place]) for place in range(len(weights))]
        places.append(set(zip(starts, weights, strict=True)))
    if _names(old) != _names(new):
        return False
    kept = [
        (one, other)
        for one, other in zip(sorted(places[0]), sorted(places[1]), strict=False)
        if one[1] == other[1] and one[1] > 0
    ]
    return any(one[0] != other[0] for one, other in kept)
