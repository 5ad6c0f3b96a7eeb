"""Every migration of ours can run while the release before it still serves; what takes away comes one release later."""

from pathlib import Path

import pytest
from django.apps import apps

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parents[2]
OURS = [each.label for each in apps.get_app_configs() if each.name.startswith(("cms.", "reliability."))]


def test_no_migration_breaks_the_release_that_still_runs(capsys: pytest.CaptureFixture[str]) -> None:
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(
        str(ROOT),
        include_apps=OURS,
        analyser_string="postgresql",
        no_cache=True,
        ignore_name_contains="_contract_",
        ignore_initial_migrations=True,  # Before the first there is no release that runs.
    )

    linter.lint_all_migrations()

    assert linter.nb_total > len(OURS)
    assert not linter.has_errors, capsys.readouterr().out


def test_every_migration_says_when_it_runs() -> None:
    names = [file.stem for app in ("cms", "reliability") for file in ROOT.glob(f"{app}/*/migrations/0*.py")]

    assert names
    assert [name for name in names if "_expand_" not in name and "_contract_" not in name] == []
