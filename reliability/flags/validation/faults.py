"""A fault of a definition, and the kinds of values. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from reliability.wording import say as _


class Kind(StrEnum):
    """What a value is; comparisons need two of one kind, because only then do all flagd implementations agree."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    LIST = "list"
    NOTHING = "nothing"
    ANY = "any"


Attributes = Mapping[str, Kind]
"""The attributes that rules may read, by path ("plan", "company.size"), with their kinds."""


class Fault(NamedTuple):
    """Something wrong: where, and how to mend it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def kind_of(value: Any) -> Kind:
    """Tell the kind of a plain value."""
    match value:
        case None:
            return Kind.NOTHING
        case bool():
            return Kind.TRUTH
        case int() | float():
            return Kind.NUMBER
        case str():
            return Kind.TEXT
        case list():
            return Kind.LIST
    return Kind.ANY


def named(kind: Kind) -> str:
    """Give the word for a kind in the language in use."""
    return {
        Kind.TEXT: _("text"),
        Kind.NUMBER: _("number"),
        Kind.TRUTH: _("truth"),
        Kind.LIST: _("list"),
        Kind.NOTHING: _("nothing"),
        Kind.ANY: _("any"),
    }[kind]
