"""What may stand behind an option of a field; each check returns a sentence, or None when the value is fine."""

import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from cms.content.fields.kind import OptionCheck


def flag(value: Any) -> str | None:
    """Check for true or false."""
    return None if isinstance(value, bool) else "must be true or false."


def whole(low: int, high: int) -> OptionCheck:
    """Return a check for a whole number from low to high, both included."""

    def check(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"must be a whole number from {low} to {high}."

    return check


def numeric(value: Any) -> str | None:
    """Check for a number, or a decimal as a string."""
    try:
        fits = not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        fits = False
    return None if fits else "must be a number."


def word(value: Any) -> str | None:
    """Check for a short text."""
    return None if isinstance(value, str) and 0 < len(value) <= 50 else "must be a text of 1 to 50 characters."


def pattern(value: Any) -> str | None:
    """Check for a regular expression."""
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        return f"must be a regular expression ({error})."
    return None


def names(value: Any) -> str | None:
    """Check for a list of different names, such as keys of types."""
    fits = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    return None if fits and value and len(set(value)) == len(value) else "must be a list of different names."


def subset(allowed: Collection[str]) -> OptionCheck:
    """Return a check for a list of different names out of these."""

    def check(value: Any) -> str | None:
        strange = [] if names(value) else [each for each in value if each not in allowed]
        listed = ", ".join(sorted(allowed))
        return f"has unknown names: {', '.join(strange)}; known: {listed}." if strange else names(value)

    return check


def names_matching(expression: str, example: str) -> OptionCheck:
    """Return a check for a list of different names of this form."""

    def check(value: Any) -> str | None:
        fits = names(value) is None and all(re.fullmatch(expression, each) for each in value)
        return None if fits else f"must be a list of different names such as {example}."

    return check
