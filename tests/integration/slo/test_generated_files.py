"""What is checked in follows from the objectives, and its readers accept it."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from reliability.lab.binaries import find_monitoring
from reliability.slo import vocabulary, writing
from tests.integration.slo import promtool

pytestmark = pytest.mark.sqlite  # No database is asked: once is enough.
DEPLOY = Path(settings.SLO_OUTPUT)


def test_the_files_that_are_checked_in_follow_from_the_objectives() -> None:
    written = writing.files(vocabulary.catalogue())

    assert {name: (DEPLOY / name).read_text() for name in written} == dict(written)


def test_nothing_else_lies_in_their_folders() -> None:
    folders = ("helm/rules", "helm/dashboards", "alertmanager")
    there = {str(file.relative_to(DEPLOY)) for folder in folders for file in (DEPLOY / folder).iterdir()}

    assert there == set(writing.files(vocabulary.catalogue()))


def test_prometheus_accepts_the_rules() -> None:
    answer = promtool.run("check", "rules", *(str(file) for file in sorted((DEPLOY / "helm" / "rules").iterdir())))

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "FAILED" not in answer.stdout


def test_alertmanager_accepts_its_configuration() -> None:
    command = [str(find_monitoring("amtool")), "check-config", str(DEPLOY / writing.ALERTMANAGER)]

    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ("alertname=SloPublicAvailabilityPage severity=page slo=public-availability region=eu-west", "page"),
        ("alertname=RoutingSplitBrain severity=page region=eu-west", "page"),
        ("alertname=SloPublicAvailabilityTicket severity=ticket slo=public-availability", "ticket"),
        ("alertname=Watchdog severity=none", "watchdog"),
        ("alertname=SomethingNew", "ticket"),
    ],
)
def test_an_alert_goes_where_it_belongs(labels: str, receiver: str) -> None:
    file = str(DEPLOY / writing.ALERTMANAGER)
    command = [str(find_monitoring("amtool")), "config", "routes", "test", f"--config.file={file}", *labels.split()]

    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert answer.stdout.strip() == receiver


def test_check_finds_what_is_stale_missing_and_left_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("slo", "generate", output=tmp_path, stdout=None)
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "OfNothing.md").touch()
    (tmp_path / writing.ALERTMANAGER).write_text("route: {}\n")
    capsys.readouterr()

    with pytest.raises(CommandError) as raised:
        call_command("slo", "check", "--json", output=tmp_path)

    problems = json.loads(capsys.readouterr().out)["problems"]
    assert str(raised.value).splitlines() == problems
    assert f"{tmp_path}/alertmanager/alertmanager.yaml does not follow" in problems[0]
    assert f"{tmp_path}/runbooks/SloSilent.md is missing; write what to do." in problems
    assert f"{tmp_path}/runbooks/OfNothing.md belongs to no alert; remove it." in problems


def test_check_is_content_with_what_is_checked_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("slo", "check")

    assert "all files follow" in capsys.readouterr().out


def test_a_mistake_is_told_with_its_field_and_fix(tmp_path: Path) -> None:
    content = yaml.safe_load(Path(settings.SLO_FILE).read_text())
    content["slos"][1]["sli"]["good_le"] = 0.3
    (tmp_path / "slo.yaml").write_text(yaml.safe_dump(content))

    with pytest.raises(CommandError, match=r"public-latency: sli.good_le: 0.3 is no bucket bound .* use one of: 0.005"):
        call_command("slo", "generate", file=tmp_path / "slo.yaml", output=tmp_path)


@pytest.mark.parametrize(("text", "problem"), [("a: [", "it is no YAML"), (None, "it cannot be read")])
def test_a_file_that_cannot_be_read_is_told_as_that(tmp_path: Path, text: str | None, problem: str) -> None:
    file = tmp_path / "slo.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(CommandError, match=problem):
        call_command("slo", "check", file=file)
