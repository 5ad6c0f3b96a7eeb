"""The command that imports: what it prints, writes and refuses."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cms.content.models import Document
from cms.publishing.management.commands import import_wordpress as command
from tests.factories.site import World

FIXTURES = Path(__file__).parents[2] / "fixtures" / "wordpress"
HARBOR = FIXTURES / "harbor.xml"


def run(*arguments: str) -> tuple[str, str]:
    output, errors = StringIO(), StringIO()
    call_command("import_wordpress", *arguments, stdout=output, stderr=errors, no_color=True)
    return output.getvalue(), errors.getvalue()


def test_the_report_is_printed_and_written_as_json(world: World, tmp_path: Path) -> None:
    output, errors = run(str(HARBOR), "--report", str(tmp_path / "report.json"))

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert output.startswith("Documents: 16 created, 0 updated, 0 unchanged\n")
    assert "1 x a draft, because it is protected by a password: post:33 (Second fish)" in output
    assert errors == "16 of 16 documents\n"
    assert (report["created"], report["comments"]["count"]) == (16, 2)
    assert report["titles"]["post:32"] == "🐟 שלום עולם مرحبا"


def test_progress_is_told_again_and_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "STEP", 5)

    _, errors = run(str(HARBOR))

    assert errors.splitlines() == [f"{done} of 16 documents" for done in (5, 10, 15, 16)]


def test_a_dry_run_says_so(world: World) -> None:
    output, _ = run(str(HARBOR), "--dry-run")

    assert output.startswith("Nothing was written: this is what an import would do.\n\nDocuments: 16 created")
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("bomb.xml", "the file defines XML entities"),
        ("truncated.xml", "the XML is broken or the file is truncated here"),
        ("nowhere.xml", "cannot be read: No such file or directory"),
        ("", "cannot be read: Is a directory"),
        ("../../__init__.py", "the XML is broken"),
    ],
)
def test_an_unusable_file_is_refused_and_nothing_is_written(world: World, file: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        run(str(FIXTURES / file))

    assert refused.value.returncode == 1
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--site", "moon"], "There is no site moon"),
        (["--locale", "xx"], "Locale xx is not on site main"),
        (["--media", "/nowhere"], "/nowhere is no folder"),
        (["--report", "/nowhere/report.json"], "The report cannot be written to /nowhere/report.json"),
    ],
)
def test_a_wrong_argument_is_refused_and_nothing_is_written(world: World, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(str(HARBOR), *arguments)

    assert Document.objects.count() == 1


def test_a_refused_import_leaves_no_report(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(str(FIXTURES / "bomb.xml"), "--report", str(tmp_path / "report.json"))

    assert not (tmp_path / "report.json").exists()


def test_an_interrupted_import_says_how_to_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(**options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "import_wordpress", interrupt)

    with pytest.raises(CommandError, match="run the same command again to go on") as ended:
        run(str(HARBOR))

    assert ended.value.returncode == 130
