"""The German catalogues are whole: every sentence of the code is there, translated, and compiled."""

import gettext
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from cms.accounts.decision import STARTER_ROLES
from cms.config import words
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.starter import starter_types
from reliability.lab.binaries import BinaryMissing

CATALOGUES = ("cms", "reliability")
COLLECT = ("makemessages", "--locale", "de", "--keep-pot", "--no-location", "--verbosity", "0")
FIX = "run `make messages`, and translate what is new in {0}/locale/de/LC_MESSAGES/django.po"


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_sentence_of_the_code_is_translated_and_none_is_left_over(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    shutil.copytree(settings.ROOT / name, copy, ignore=shutil.ignore_patterns("locale", "static", "__pycache__"))
    (copy / "locale").mkdir()
    _run(sys.executable, "-m", "django", *COLLECT, cwd=copy)

    # It complains of what is missing, not translated, fuzzy, or not in the code any more.
    compared = _run("msgcmp", str(_file(name, "po")), str(copy / "locale" / "django.pot"), check=False)

    assert compared.stderr == "", FIX.format(name)


@pytest.mark.parametrize("name", CATALOGUES)
def test_what_is_compiled_is_what_was_translated(name: str, tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    _run("msgfmt", "--check-format", "--check-domain", f"--output-file={compiled}", str(_file(name, "po")))

    assert _read(compiled) == _read(_file(name, "mo")), FIX.format(name)


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_translation_keeps_the_tags_and_the_places_of_its_sentence(name: str) -> None:
    parts = re.compile(r"</?[a-z][^>]*>|%\(\w+\)[sd]|(?<!\{)\{\w+(?:![rs])?\}|\\n|%%")
    changed = [
        source
        for source, translated in _read(_file(name, "mo")).items()
        if isinstance(source, str) and sorted(parts.findall(source)) != sorted(parts.findall(translated))
    ]

    assert [each for each in changed if each] == []


def test_both_catalogues_have_one_word_for_one_word() -> None:
    product, mechanisms = (_read(_file(name, "mo")) for name in CATALOGUES)

    shared = (product.keys() & mechanisms.keys()) - {""}
    assert {each: product[each] for each in shared} == {each: mechanisms[each] for each in shared}


def test_the_list_of_words_is_that_of_the_data_files() -> None:
    slo = yaml.safe_load(Path(settings.SLO_FILE).read_text())
    flags = json.loads(settings.STARTER_FLAGS.read_text())["management"]

    assert _texts(words.TYPES) == {text for each in starter_types() for text in _words_of_type(each) if text}
    assert _texts(words.OBJECTIVES) == {each["title"] for each in slo["slos"]}
    assert _texts(words.FLAGS) == {each["description"] for each in flags.values()}
    assert _texts(words.ROLES) == {name for name, _ in STARTER_ROLES.values()}


def _words_of_type(definition: TypeDefinition) -> list[str]:
    return [definition.name, *(text for each in definition.fields for text in _words_of_field(each))]


def _words_of_field(field: FieldDefinition) -> list[str]:
    choices = field.options.get("choices", [])
    return [field.label, field.help, field.group, *(each["label"] for each in choices)]


def _texts(sentences: Any) -> set[str]:
    return {str(each) for each in sentences}


def _file(name: str, kind: str) -> Path:
    return settings.ROOT / name / "locale" / "de" / "LC_MESSAGES" / f"django.{kind}"


def _read(compiled: Path) -> dict[Any, str]:
    """Read a compiled catalogue: {sentence, or (sentence, which plural): translation}, without its own facts."""
    with compiled.open("rb") as file:
        found: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in found.items() if key != ""}


def _run(
    program: str, *arguments: str, cwd: Path | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        raise BinaryMissing(f"{program} is not installed; run `make servers`, or install gettext.")
    command = [program, *arguments]
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}  # no settings: they name the catalogues of the source
    return subprocess.run(command, cwd=cwd, env=plain, check=check, capture_output=True, text=True, timeout=120)
