"""Random flagd flags whose rules are well-typed, and contexts to ask them with; the same at every run of a seed."""

from random import Random
from typing import Any

TEXTS = ("", "a", "b", "Ada", "ada@example.org", "pro", "free", "Zürich", "de-CH", "x.y", "10", "🦊")
NUMBERS = (0, 1, 2, 5, 10, 42, -3, 1.5, 0.25, 100)
VERSIONS = ("1.0.0", "1.2.3", "2.0.0-rc.1", "v2.0.0", "1.2", "2", "2.4.0+build.5", "nonsense")
VARIANTS = {"red": "r", "green": "g", "blue": "b"}
ATTRIBUTES = {"plan": TEXTS, "email": TEXTS, "age": NUMBERS, "score": NUMBERS, "version": VERSIONS}


class Rules:
    """Makes rules by type: each method gives JSONLogic whose value has the type of its name."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def flag(self) -> dict[str, Any]:
        """Make a flag with three variants of text."""
        names = list(VARIANTS)
        made: dict[str, Any] = {"state": "ENABLED", "variants": dict(VARIANTS), "targeting": self.variant(3)}
        if self.random.random() < 0.8:
            made["defaultVariant"] = self.random.choice(names)
        if self.random.random() < 0.03:
            made["state"] = "DISABLED"
        if self.random.random() < 0.05:
            del made["targeting"]
        return made

    def context(self) -> dict[str, Any]:
        """Make the attributes of somebody; some are missing."""
        found: dict[str, Any] = {
            name: self.random.choice(values) for name, values in ATTRIBUTES.items() if self.random.random() < 0.85
        }
        if self.random.random() < 0.7:
            found["groups"] = self.random.sample(TEXTS[1:6], self.random.randint(0, 3))
        found["company"] = {"name": self.random.choice(TEXTS), "size": self.random.choice(NUMBERS)}
        if self.random.random() < 0.9:
            found["targetingKey"] = f"person-{self.random.randint(0, 9999)}"
        return found

    def variant(self, depth: int) -> Any:
        """Make a rule that gives a variant, nothing, or a name that is none."""
        roll = self.random.random()
        if depth == 0 or roll < 0.25:
            return self.random.choice([*VARIANTS, *VARIANTS, None, "unknown"])
        if roll < 0.7:
            branches = [
                part for _ in range(self.random.randint(1, 3)) for part in (self.truth(depth), self.variant(depth - 1))
            ]
            return {"if": [*branches, self.variant(depth - 1)]}
        shares = [[name, self.random.choice([0, 1, 10, 50])] for name in self.random.sample([*VARIANTS], 3)]
        if self.random.random() < 0.2:
            shares = [share[:1] for share in shares]
        hashed = [] if self.random.random() < 0.6 else [self.text(1)]
        if self.random.random() < 0.1:
            hashed = [{"cat": [{"var": "$flagd.flagKey"}, {"var": "email"}]}]
        return {"fractional": [*hashed, *shares]}

    def truth(self, depth: int) -> Any:
        """Make a condition."""
        if depth == 0:
            return self.random.choice([True, False])
        choices = (
            lambda: {self.random.choice(["==", "!=", "===", "!=="]): [self.text(depth - 1), self.text(depth - 1)]},
            lambda: {self.random.choice(["<", "<=", ">", ">="]): [self.number(depth - 1), self.number(depth - 1)]},
            lambda: {self.random.choice(["<", "<="]): [self.number(0), self.number(1), self.number(0)]},
            lambda: {"in": [self.text(depth - 1), self.random.sample(TEXTS, 3)]},
            lambda: {"in": [self.random.choice(TEXTS), {"var": "groups"}]},
            lambda: {"in": [self.random.choice(TEXTS[1:]), self.text(0)]},
            lambda: {self.random.choice(["and", "or"]): [self.truth(depth - 1), self.truth(depth - 1)]},
            lambda: {self.random.choice(["!", "!!"]): [self.truth(depth - 1)]},
            lambda: {self.random.choice(["starts_with", "ends_with"]): [self.text(0), self.random.choice(TEXTS)]},
            lambda: {"sem_ver": [{"var": "version"}, self.random.choice(["=", "!=", "<", "<=", ">", ">=", "^", "~"]),
                                 self.random.choice(VERSIONS[:-1])]},
            lambda: {self.random.choice(["all", "some", "none"]): [
                {"var": "groups"}, {"==": [{"var": ""}, self.random.choice(TEXTS)]}]},
            lambda: {"!!": [{"missing": self.random.sample([*ATTRIBUTES], 2)}]},
            lambda: {"!!": [{"missing_some": [1, self.random.sample([*ATTRIBUTES], 3)]}]},
            lambda: {"!!": [{"filter": [{"var": "groups"}, {"in": ["a", {"var": ""}]}]}]},
        )  # fmt: skip
        return self.random.choice(choices)()

    def text(self, depth: int) -> Any:
        """Make a rule that gives a text."""
        roll = self.random.random()
        if roll < 0.2:
            return self.random.choice(TEXTS)
        if depth and roll < 0.3:
            return {"cat": [self.text(depth - 1), self.text(0)]}
        if depth and roll < 0.4:
            return {"substr": [self.text(0), self.random.randint(-3, 4), self.random.randint(-2, 4)]}
        if depth and roll < 0.5:
            return {"if": [self.truth(depth - 1), self.text(0), self.text(0)]}
        if roll < 0.6:
            return {"var": ["company.name", "none"]}
        return {"var": self.random.choice([["plan", ""], ["email", "nobody"], ["plan", "free"]])}

    def number(self, depth: int) -> Any:
        """Make a rule that gives a number."""
        roll = self.random.random()
        if roll < 0.25:
            return self.random.choice(NUMBERS)
        if depth and roll < 0.45:
            return {self.random.choice(["+", "-", "*"]): [self.number(depth - 1), self.number(0)]}
        if depth and roll < 0.55:
            return {self.random.choice(["min", "max"]): [self.number(0), self.number(0)]}
        if depth and roll < 0.6:
            return {"%": [self.number(0), self.random.choice([2, 3, 10])]}
        if depth and roll < 0.65:
            return {"/": [self.number(0), self.random.choice([1, 2, 4])]}
        if depth and roll < 0.7:
            sizes = [self.random.choice(NUMBERS) for _ in range(3)]
            return {"reduce": [sizes, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}
        return {"var": self.random.choice([["age", 0], ["score", 1], ["company.size", 2]])}
