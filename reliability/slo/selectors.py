"""Which series are meant? Label matchers as Prometheus writes them: read, negated, written and applied."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FORM = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"([^"\\]*)"\s*(?:,|$)')
OPPOSITE = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}


class WrongSelector(ValueError):
    """Text that is no list of label matchers, or has a pattern that cannot be compiled."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label; `value` of `=~` and `!~` must fit as a whole, as in Prometheus."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f'{self.label}{self.operator}"{self.value}"'

    def negated(self) -> "Matcher":
        """Give the condition that holds where this one does not."""
        return Matcher(self.label, OPPOSITE[self.operator], self.value)

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Tell whether a series is meant; a label that it does not have is empty."""
        actual = labels.get(self.label, "")
        is_equal = re.fullmatch(self.value, actual) is not None if "~" in self.operator else actual == self.value
        return is_equal is not self.operator.startswith("!")


def parse(text: str) -> tuple[Matcher, ...]:
    """Read `a="b",c=~"d|e"`; values without quotes and backslashes in them. Raises WrongSelector."""
    found, position = [], 0
    while position < len(text):
        match = FORM.match(text, position)
        if match is None:
            raise WrongSelector(f'{text!r} cannot be read at {text[position:]!r}; write label="value" or =~, !=, !~')
        found.append(_matcher(*match.groups()))
        position = match.end()
    if not found:
        raise WrongSelector('it is empty; write at least one matcher, such as code=~"5.."')
    return tuple(found)


def write(matchers: tuple[Matcher, ...]) -> str:
    """Write matchers between braces; nothing when there are none."""
    return "{" + ",".join(map(str, matchers)) + "}" if matchers else ""


def _matcher(label: str, operator: str, value: str) -> Matcher:
    if "~" in operator:
        try:
            re.compile(value)
        except re.error as error:
            raise WrongSelector(f"{value!r} is no pattern ({error})") from error
    return Matcher(label, operator, value)
