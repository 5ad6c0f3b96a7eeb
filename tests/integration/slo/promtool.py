"""Evaluates rules as Prometheus does, over series that are made up: hours in a second."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from reliability.lab.binaries import find_monitoring
from reliability.slo import rules
from reliability.slo.writing import as_yaml
from tests.unit.slo.samples import catalogue

NOWHERE = 1234567.0
"""No value that is asked for: what it is, promtool tells when it differs."""
GOT = re.compile(r'expr: "(.*)", time: (\S+),\s+exp: .*\n\s+got: (.*)')


def write_rules(folder: Path, objective: str | None) -> Path:
    """Write the rules of one objective of the product, or the standing alerts: all of them would take a minute."""
    written = rules.of_objectives(catalogue()) if objective else rules.standing_alerts(catalogue())
    groups = [each for each in written["groups"] if not objective or each["name"].startswith(f"slo-{objective}-")]
    file = folder / "rules.yaml"
    file.write_text(as_yaml({"groups": groups}))
    return file


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run promtool."""
    return subprocess.run(
        [str(find_monitoring("promtool")), *arguments], capture_output=True, text=True, check=False, timeout=120
    )


def values(
    folder: Path,
    series: Mapping[str, str],
    queries: Sequence[tuple[str, str]],
    *,
    objective: str | None = None,
    every: str = "1m",
) -> list[float | None]:
    """Ask (expression, time such as 90m) and give each value; None: there is none.

    `series` maps each to its values in promtool's notation, a minute apart; rules are evaluated `every` so often: those
    of an objective, or the standing ones.
    """
    asked = [
        {"expr": expression, "eval_time": time, "exp_samples": [{"value": NOWHERE}]} for expression, time in queries
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": text} for name, text in series.items()],
        "promql_expr_test": asked,
    }
    content: dict[str, Any] = {
        "rule_files": [str(write_rules(folder, objective))],
        "evaluation_interval": every,
        "tests": [test],
    }
    file = folder / "test.yaml"
    file.write_text(yaml.safe_dump(content))
    answer = run("test", "rules", str(file))
    found = [_value(got) for _, _, got in GOT.findall(answer.stdout + answer.stderr)]
    assert len(found) == len(queries), answer.stdout + answer.stderr
    return found


def _value(got: str) -> float | None:
    """Read `{labels} 1E+00`; `nil` is no value."""
    return None if got == "nil" else float(got.rpartition(" ")[2])
