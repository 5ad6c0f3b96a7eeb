import pytest

from cms.content.definition import DefinitionError
from cms.content.parsing import parse_type
from cms.content.plan import applied, plan
from cms.content.upcast import read_through

TITLE = {"key": "title", "kind": "text"}


def item(*fields, **rules):
    return parse_type({"key": "x", "name": "X", "usage": "item", "title": "title", "fields": [TITLE, *fields]} | rules)


def steps(old, new):
    return [(each.kind, each.path, each.allowed) for each in plan({"x": old}, [new])]


def field(kind, key="f", **rules):
    return {"key": key, "kind": kind} | rules


def test_a_new_type_is_one_step():
    assert [each.kind for each in plan({}, [item()])] == ["new_type"]
    assert applied(None, item()) == item()


def test_equal_types_need_no_step():
    assert plan({"x": item(), "other": item()}, [item()]) == []
    assert applied(item(), item()).version == 1


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ([], [field("date")], ("add", "x.f", True)),
        ([field("date")], [], ("remove", "x.f", True)),
        ([field("date")], [field("date", retired=True)], ("remove", "x.f", True)),
        ([field("date", retired=True)], [field("date")], ("restore", "x.f", True)),
        ([field("date")], [field("date", key="g", was=["f"], label="F")], ("rename", "x.g", True)),
        ([field("text")], [field("rich_text")], ("change_kind", "x.f", True)),
        ([field("reference")], [field("references")], ("change_kind", "x.f", True)),
        ([field("rich_text")], [field("text")], ("change_kind", "x.f", False)),
        ([field("references")], [field("reference")], ("change_kind", "x.f", False)),
        ([field("date")], [field("boolean")], ("change_kind", "x.f", False)),
        ([field("number")], [field("number", decimals=2)], ("options", "x.f", True)),
        ([field("number", decimals=2)], [field("number")], ("options", "x.f", False)),
        ([field("media")], [field("media", multiple=True)], ("options", "x.f", True)),
        ([field("media", multiple=True)], [field("media")], ("options", "x.f", False)),
        ([field("date", localized=False)], [field("date")], ("options", "x.f", True)),
        ([field("date")], [field("date", localized=False)], ("options", "x.f", False)),
        ([field("date")], [field("date", filterable=True)], ("options", "x.f", True)),
        ([field("date")], [field("date", was=["older"])], ("options", "x.f", True)),
    ],
)
def test_a_change_of_a_field_is_one_step(old, new, step):
    assert steps(item(*old), item(*new)) == [step]


def test_a_type_keeps_its_usage():
    block = parse_type({"key": "x", "name": "X", "usage": "block", "fields": [TITLE]})

    assert steps(item(), block) == [("change_type", "x", False)]


def test_refused_changes_cannot_be_applied():
    with pytest.raises(DefinitionError) as caught:
        applied(item(field("rich_text")), item(field("text")))

    assert caught.value.problems == (
        ("x.f", "rich_text cannot become text without loss; add a new field and retire this one."),
    )


def test_applying_keeps_removed_fields_and_former_names():
    first = item(field("date"), field("url", key="link"))
    second = applied(first, item(field("date", key="g", was=["f"])))
    third = applied(second, item(field("date", key="h", was=["g"])))

    assert [(each.key, each.was, each.retired) for each in third.fields] == [
        ("title", (), False),
        ("h", ("f", "g"), False),
        ("link", (), True),
    ]
    assert (second.version, third.version) == (2, 3)
    assert read_through({"f": "2026-01-31", "link": "/a"}, third, {})["h"] == "2026-01-31"


@pytest.mark.parametrize("fields", [[field("date", key="g", was=["f"])], [], [field("date", retired=True)]])
def test_applying_twice_changes_nothing(fields):
    once = applied(item(field("date"), field("url", key="link", required=True)), item(*fields))

    assert plan({"x": once}, [item(*fields)]) == []
    assert applied(once, item(*fields)) == once


def test_a_restored_field_comes_back_as_it_was():
    retired = applied(item(field("date")), item())

    assert steps(retired, item(field("date"))) == [("restore", "x.f", True)]
    assert applied(retired, item(field("date"))).fields == item(field("date")).fields


def test_two_fields_may_change_places():
    old = item(field("date"), field("url", key="g"))

    assert steps(old, item(field("url", key="g"), field("date"))) == [("reorder", "x", True)]
