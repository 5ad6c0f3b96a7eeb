"""What is wrong with a value, in a form that people, forms and API answers can use."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault: where it is (`body.k3v9Qm2xT0aB.image`), a stable code, and a sentence that names the fix."""

    path: str
    code: str
    message: str


class InvalidValue(ValueError):
    """A value does not have the shape its field demands; `problems` lists every fault, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))
        self.problems = tuple(problems)


def refuse(path: str, code: str, message: str) -> InvalidValue:
    """Return the error for a single fault, ready to be raised."""
    return InvalidValue([Problem(path, code, message)])
