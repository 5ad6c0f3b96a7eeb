"""Every task that is started by its name exists, in every process."""

import re
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"""["']((?:cms|reliability)\.[a-z_.]+\.tasks\.[a-z_]+)["']""")
"""Written out, a name can be found here; nothing else looks like one."""


def started_by_code() -> dict[str, str]:
    """Find the names in the code: {task: file}."""
    found: dict[str, str] = {}
    for folder in ("cms", "reliability"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            found |= {name: str(file.relative_to(ROOT)) for name in NAME.findall(file.read_text())}
    return found


@pytest.mark.parametrize("entry", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_every_periodic_task_exists(entry: str) -> None:
    assert settings.CELERY_BEAT_SCHEDULE[entry]["task"] in current_app.tasks


@pytest.mark.parametrize("name", sorted(started_by_code()))
def test_every_task_that_code_starts_exists(name: str) -> None:
    assert name in current_app.tasks, f"{started_by_code()[name]} starts it"


def test_nothing_is_sent_past_the_way_tasks_run_here() -> None:
    sending = [
        str(file.relative_to(ROOT))
        for folder in ("cms", "reliability")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if ".send_task(" in file.read_text()
    ]

    assert sending == []


def test_the_search_finds_names() -> None:
    assert started_by_code()["cms.accounts.tasks.send_invitation"] == "cms/accounts/actions/people.py"
