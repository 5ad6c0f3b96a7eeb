"""Every alert has a runbook of its name, which says what to do with commands that exist."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from reliability.slo import rules
from reliability.slo.alert import SUMMARY_MAX
from tests.unit.slo.samples import catalogue

FOLDER = Path(__file__).parents[3] / "deploy" / "runbooks"
PAGES = sorted(FOLDER.glob("*.md"))
ALERTS = {alert.name: alert for alert in rules.all_alerts(catalogue())}
FAMILIES = ("Slo", "Routing", "Region", "Instance", "Memory", "Outbox", "Celery", "Flags", "Certificate")
HEADINGS = ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]
COMMAND = re.compile(r"`manage\.py ([^`]+)`")


def test_alerts_and_runbooks_are_the_same_list() -> None:
    assert sorted(ALERTS) == [page.stem for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
class TestEveryRunbook:
    def test_it_has_the_four_parts_and_each_says_something(self, page: Path) -> None:
        text = page.read_text()

        assert text.startswith(f"# {page.stem}\n")
        assert re.findall(r"^## \w+", text, re.M) == HEADINGS
        assert all(len(part.split()) >= 3 for part in re.split(r"^## \w+$", text, flags=re.M)[1:])

    def test_its_commands_can_be_typed(self, page: Path) -> None:
        for line in COMMAND.findall(page.read_text()):
            name, *arguments = shlex.split(line)
            command = load_command_class(get_commands()[name], name)

            command.create_parser("manage.py", name).parse_args(arguments)  # An error names what is wrong.

    def test_alerts_that_it_names_exist(self, page: Path) -> None:
        named = re.findall(rf"`((?:{'|'.join(FAMILIES)})[A-Z]\w+)`", page.read_text())

        assert set(named) <= set(ALERTS)


@pytest.mark.parametrize("alert", ALERTS.values(), ids=lambda alert: alert.name)
def test_an_alert_names_its_runbook_and_fits_into_a_page(alert: rules.Alert) -> None:
    rule = alert.as_rule(scale=rules.TRUE_TIME, runbooks="https://runbooks.example.org")

    assert rule["annotations"]["runbook_url"] == f"https://runbooks.example.org/{alert.name}.md"
    assert 0 < len(rule["annotations"]["summary"]) <= SUMMARY_MAX / 4  # Labels make it longer.
    assert rule["labels"]["severity"] in ("page", "ticket", "none")
