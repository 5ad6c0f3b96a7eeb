import pytest

from cms.content.definition import DefinitionError
from cms.content.typefile import read_types, write_types

TAG = """\
format: 1
types:
  - key: tag
    name: Tag
    usage: item
    title: name
    fields:
      - {key: name, kind: text}
"""


def problems_of(text, known=None):
    with pytest.raises(DefinitionError) as caught:
        read_types(text, known)
    return list(caught.value.problems)


def test_types_of_one_file_may_name_each_other():
    text = (
        TAG
        + "      - {key: home, kind: reference, to: [page]}\n"
        + ("  - {key: page, name: Page, usage: page, title: t, fields: [{key: t, kind: text}]}\n")
    )

    assert [each.key for each in read_types(text)] == ["tag", "page"]
    assert write_types(read_types(write_types(read_types(text)))) == write_types(read_types(text))


def test_a_fault_names_its_type_path_and_line():
    text = TAG + "      - key: size\n        kind: number\n        min: small\n"

    assert problems_of(text) == [("tag.fields.size.min (line 11)", "must be a number.")]


def test_every_fault_of_every_type_is_found():
    text = TAG.replace("usage: item", "usage: thing") + "  - key: Bad\n"

    assert [path for path, _ in problems_of(text)] == [
        "tag.usage (line 5)",
        "Bad.key (line 9)",
        "Bad.name (line 9)",
        "Bad.usage (line 9)",
        "Bad.fields (line 9)",
    ]


def test_words_and_days_stay_texts():
    text = TAG + "      - {key: a, kind: choice, choices: [no, yes, on, 2026-01-31, 'true']}\n"

    assert [each["value"] for each in read_types(text)[0].fields[1].options["choices"]] == [
        "no", "yes", "on", "2026-01-31", "true",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("", "format", "The file must begin with format: 1."),
        ("format: 2\ntypes: []", "format", "The file must begin with format: 1."),
        ("format: 1", "types", "The file must hold format and a list of types."),
        ("format: 1\ntypes: []\nmore: 1", "more", "The file must hold format and a list of types."),
        ("format: 1\nformat: 1", "line 2", "is no YAML: format stands twice."),
        ("a: &x 1\nb: *x", "line 2", "is no YAML: aliases (*name) are not supported."),
        ("? [1]\n: 2", "line 1", "is no YAML: a key must be a text."),
    ],
)
def test_what_is_no_type_file_is_refused(text, path, message):
    assert problems_of(text) == [(path, message)]


@pytest.mark.parametrize("text", ["a: [", "x: !!python/object:os.system 1", "\x00", "[" * 5_000, "- a\nb"])
def test_broken_yaml_is_refused(text):
    [(_, message)] = problems_of(text)

    assert message.startswith("is no YAML: ")


def test_a_type_stands_once_in_a_file():
    assert problems_of(TAG + TAG.partition("types:\n")[2]) == [("tag", "is defined twice in this file.")]
