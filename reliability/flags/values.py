"""How does JSONLogic read a value as a number, a text or a truth? Pure.

The rules are those of JavaScript as JSONLogic inherits them (jsonlogic.com); values are what JSON has.
"""

from collections.abc import Sequence
from math import isnan, nan
from typing import Any

Number = int | float
NOT_NUMBERS = frozenset({"inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "nan", "-nan", "+nan"})
"""What Python's float() reads as a number, and JSON and JavaScript's Number() do not."""


def truth(value: Any) -> bool:
    """Tell whether a value counts as true: nothing, zero, "" and the empty list do not; every object does."""
    if isinstance(value, dict):
        return True
    if isinstance(value, float) and isnan(value):
        return False
    return bool(value)


def number(value: Any) -> Number:
    """Read a value as a number; NaN when it is none."""
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    if isinstance(value, list):
        return number(value[0]) if len(value) == 1 else nan if value else 0
    if not isinstance(value, str) or value.strip().lower() in NOT_NUMBERS:
        return nan
    try:
        return float(value)
    except ValueError:
        return nan


def text(value: Any) -> str:
    """Write a value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if value is None:
        return "null"
    if isinstance(value, list):
        return ",".join(text(each) for each in value)
    return "[object Object]" if isinstance(value, dict) else str(value)


def equal(left: Any, right: Any) -> bool:
    """Compare loosely (`==`): a number and a text are compared as numbers; nothing equals only nothing and zero."""
    if type(left) is type(right):
        return left is right if isinstance(left, list | dict) else bool(left == right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return number(left) == number(right)
    if left is None or right is None:
        return False
    if isinstance(left, str) or isinstance(right, str):
        return text(left) == text(right)
    return False


def identical(left: Any, right: Any) -> bool:
    """Compare strictly (`===`): a truth is no number."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def less(left: Any, right: Any) -> bool:
    """Order two values: as texts when one is a text and none a number, else as numbers."""
    if isinstance(left, int | float) or isinstance(right, int | float):
        return number(left) < number(right)
    if isinstance(left, str) or isinstance(right, str):
        return text(left) < text(right)
    return number(left) < number(right)


def at_most(left: Any, right: Any) -> bool:
    """Order two values as `less` does, equal ones included."""
    if isinstance(left, int | float) or isinstance(right, int | float):
        return number(left) <= number(right)
    if isinstance(left, str) or isinstance(right, str):
        return text(left) <= text(right)
    return number(left) <= number(right)


def contains(needle: Any, haystack: Any) -> bool:
    """Tell whether a list holds a value, or a text a part."""
    if isinstance(haystack, list):
        return needle in haystack
    return isinstance(haystack, str) and text(needle) in haystack


def part(value: Any, start: Any, length: Any) -> str:
    """Cut `length` characters out of a text; negative numbers count from its end."""
    whole = text(value)
    begin = number(start)
    first = 0 if isnan(begin) else int(begin)
    if first < 0:
        first = max(0, len(whole) + first) if -first < len(whole) else 0
    if length is None:
        return whole[first:]
    size = number(length)
    if isnan(size):
        return ""
    end = first + int(size) if size >= 0 else len(whole) + int(size)
    return whole[first : max(first, end)]


def at_path(data: Any, path: Sequence[str], default: Any = None) -> Any:
    """Follow a path of keys and indexes into a value; the default where it leads nowhere or to nothing."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list | str):
            if step == "length":
                return len(data)
            if not step.isdecimal() or (len(step) > 1 and step[0] == "0") or int(step) >= len(data):
                return default
            data = data[int(step)]
        else:
            return default
    return default if data is None else data
