"""What came out of a benchmark: rows of figures, shown as a table and kept as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"


@dataclass(frozen=True)
class Figure:
    """One number: what it measures, and what it must reach; a goal of None is for information.

    The goal is the most that it may be, or the least when `is_at_least`.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    is_at_least: bool = False

    @property
    def holds(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.is_at_least else self.value <= self.goal


def show(bench: str, figures: list[Figure]) -> None:
    """Print the table and write var/bench/<bench>.json."""
    width = max(len(figure.name) for figure in figures)
    print(f"\n{bench}")
    for figure in figures:
        goal = "" if figure.goal is None else f"at {'least' if figure.is_at_least else 'most'} {figure.goal:g}"
        verdict = {True: "holds", False: "MISSED", None: ""}[figure.holds]
        print(f"  {figure.name:<{width}}  {figure.value:>10.2f} {figure.unit:<12} {goal:<14} {verdict}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = [{**_public(figure), "holds": figure.holds} for figure in figures]
    (FOLDER / f"{bench}.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _public(figure: Figure) -> dict[str, object]:
    return {name: value for name, value in asdict(figure).items() if name != "is_at_least"}
