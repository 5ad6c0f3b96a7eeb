"""Which key puts a sibling between two others, so that a move rewrites one row.

A key is read as the digits behind the point of a decimal number; it never ends in 0, so there is always room before it.
Letters would make keys shorter, but digits alone sort the same in every collation a database may have.
"""

ALPHABET = "0123456789"
BASE = len(ALPHABET)


def order_key(after: str | None, before: str | None) -> str:
    """Return a key strictly between two keys; None stands for the beginning and the end.

    Keys added one by one at either end grow slowly: 90 have at most three digits, 9,000 seven, 900,000 eleven. In the
    middle a key may get one digit longer with every third move to the same place; `order_keys` makes all short again.
    Raises ValueError when the keys are malformed or not in order.
    """
    for key in (after, before):
        if key is not None and (not key or key.endswith(ALPHABET[0]) or not set(key) <= set(ALPHABET)):
            raise ValueError(f"{key!r} is no order key.")
    if after is not None and before is not None and after >= before:
        raise ValueError(f"{after!r} does not come before {before!r}.")
    if before is None:
        return _next(after) if after else ALPHABET[BASE // 2]
    return _between(after, before) if after else _previous(before)


def order_keys(count: int) -> list[str]:
    """Return this many short keys in order and evenly spread, for children that are placed all at once."""
    length = 1
    while BASE**length <= count:
        length += 1
    step = BASE**length / (count + 1)
    return [_digits(round(step * position), length).rstrip(ALPHABET[0]) for position in range(1, count + 1)]


def _next(low: str) -> str:
    """Return a key one step behind; the more highest digits lead, the more digits are counted after them."""
    lead = len(low) - len(low.lstrip(ALPHABET[-1]))
    counted = low[lead : 2 * lead + 1].ljust(lead + 1, ALPHABET[0])
    return (ALPHABET[-1] * lead + _digits(_number(counted) + 1, lead + 1)).rstrip(ALPHABET[0])


def _previous(high: str) -> str:
    """Return a key one step before; the more lowest digits lead, the more digits are counted after them."""
    lead = len(high) - len(high.lstrip(ALPHABET[0]))
    counted = _number(high[lead : 2 * lead + 1].ljust(lead + 1, ALPHABET[0])) - 1
    if counted < BASE**lead:
        return ALPHABET[0] * (lead + 1) + ALPHABET[-1] * (lead + 2)
    return (ALPHABET[0] * lead + _digits(counted, lead + 1)).rstrip(ALPHABET[0])


def _between(low: str, high: str | None) -> str:
    """Return a short key between; `low` "" is zero, `high` None is one."""
    shared = 0
    while high is not None and shared < len(high) and low[shared : shared + 1].ljust(1, ALPHABET[0]) == high[shared]:
        shared += 1
    if high is not None and shared:
        return high[:shared] + _between(low[shared:], high[shared:])
    first = ALPHABET.index(low[0]) if low else 0
    last = ALPHABET.index(high[0]) if high is not None else BASE
    if last - first > 1:
        return ALPHABET[(first + last) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return ALPHABET[first] + _between(low[1:], None)


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * BASE + ALPHABET.index(digit)
    return number


def _digits(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, BASE)
        digits = ALPHABET[digit] + digits
    return digits
