"""Pure modules speak the language that their surroundings give them, and English without any."""

from collections.abc import Iterator

import pytest

from reliability import wording


@pytest.fixture(autouse=True)
def _former() -> Iterator[None]:
    former = wording._translate
    yield
    wording.translate_by(former)


def test_a_sentence_is_translated_before_its_parts_are_filled_in() -> None:
    wording.translate_by({"At most {most}.": "Höchstens {most}."}.get)

    assert wording.say("At most {most}.", most=9) == "Höchstens 9."


def test_without_a_translation_a_sentence_stays_as_it_is_written() -> None:
    wording.translate_by(str)

    assert wording.say("At most {most}.", most=9) == "At most 9."


def test_braces_of_a_sentence_without_parts_and_of_a_part_are_only_braces() -> None:
    wording.translate_by(str)

    assert wording.say('such as {"on": true}') == 'such as {"on": true}'
    assert wording.say("no {name}", name="{most}") == "no {most}"
