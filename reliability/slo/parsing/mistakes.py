"""How are mistakes in a file collected, so that one run names them all, with place and fix? Pure."""

from typing import Any

from reliability.slo.objectives import Fields


class Mistakes:
    """What is wrong so far."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: str, problem: str, fix: str) -> None:
        """Note a mistake."""
        self.found.append(f"{where}: {problem}; {fix}.")


def mapping(content: Any, where: str, mistakes: Mistakes, *, known: set[str] | None = None) -> Fields:
    if not isinstance(content, dict):
        mistakes.add(where, "it is missing or no mapping", "give its fields as `name: value`")
        return {}
    if known is not None:
        only(content, known, where, mistakes)
    return content


def only(given: Fields, known: set[str], where: str, mistakes: Mistakes) -> None:
    for name in sorted(str(each) for each in set(given) - known):
        mistakes.add(where, f"{name!r} is unknown", f"the fields are: {', '.join(sorted(known))}")


def text(given: Fields, name: str, where: str, mistakes: Mistakes) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        mistakes.add(where, "it is missing or no text", "write it")
        return ""
    return value.strip()
