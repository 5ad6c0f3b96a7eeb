"""What does a statement do, in a few words? Pure; remembered, for the same statements come again and again."""

import re
from dataclasses import dataclass
from functools import lru_cache

OPERATION = re.compile(r"\s*(\w+)")
TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|JOIN)\s+"?(\w+)"?', re.IGNORECASE)
TEXT_CHARACTERS = 2_000
"""How much of a statement a span keeps; its parameters are never in it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The name of a span, and its attributes as the semantic conventions call them."""

    name: str
    attributes: dict[str, str]


def describe(sql: object) -> Statement:
    """Describe a statement; one that is no text is named by its type."""
    return _describe(sql) if isinstance(sql, str) else Statement(type(sql).__name__, {})


@lru_cache(maxsize=1024)
def _describe(sql: str) -> Statement:
    operation, table = OPERATION.match(sql), TABLE.search(sql)
    word = operation[1].upper() if operation else "SQL"
    attributes = {"db.operation.name": word, "db.query.text": sql[:TEXT_CHARACTERS]}
    if table is None:
        return Statement(word, attributes)
    return Statement(f"{word} {table[1]}", {**attributes, "db.collection.name": table[1]})
