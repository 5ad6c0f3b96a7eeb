"""A bad definition is refused with its place, its fault and the fix; a good one is not."""

from typing import Any

import pytest

from reliability.flags.definition import read_set
from reliability.flags.validation import Attributes, check_flag
from reliability.flags.validation.faults import Kind
from tests.unit.flags.rules import Rules

ATTRIBUTES: Attributes = {"plan": Kind.TEXT, "age": Kind.NUMBER, "groups": Kind.LIST, "version": Kind.TEXT}
VARIANTS = {"on": True, "off": False}


def faults(targeting: Any = None, **more: Any) -> list[str]:
    definition = {"state": "ENABLED", "variants": VARIANTS, "defaultVariant": "off", "targeting": targeting, **more}
    return [str(each) for each in check_flag("new-editor", definition, ATTRIBUTES, path="flags.new-editor")]


def test_a_good_flag_has_no_fault() -> None:
    staff = {"in": ["staff", {"var": "groups"}]}
    newer = {"sem_ver": [{"var": "version"}, ">=", "2.4"]}

    found = faults({"if": [staff, "on", {"and": [newer, {"<": [18, {"var": "age"}, 99]}]}, "on",
                           {"fractional": [["on", 10], ["off", 90]]}]})  # fmt: skip

    assert found == []


@pytest.mark.parametrize(
    ("targeting", "expected"),
    [
        ({"if": [True, "on", {"fractional": [["on", "10"]]}]},
         'flags.new-editor.targeting.if[2].fractional[0][1]: weight must be an integer >= 0, got "10"'),
        ({"if": [{"==": [{"var": "plan"}, 3]}, "on"]},
         "flags.new-editor.targeting.if[0].==: compares a number with a text; both must be of one kind"),
        ({"if": [True, "blue"]}, "flags.new-editor.targeting.if[1]: no such variant: 'blue'; there are: off, on"),
        ("on", 'flags.new-editor.targeting: must be a rule, such as {"if": [true, "on"]}'),
        ({"if": [{"var": "plan"}, "on"]},
         ("flags.new-editor.targeting.if[0]: must be true or false, but is a text; "
         'write {"!!": ...} for "is not empty"')),
        ({"if": [{"==": [{"var": "colour"}, "red"]}, "on"]},
         ('flags.new-editor.targeting.if[0].==[0].var: no such attribute: "colour"; there are: $flagd.flagKey, '
         "$flagd.timestamp, age, groups, plan, targetingKey, version")),
        ({"sem_ver": [{"var": "version"}, ">=", "2"]},
         "flags.new-editor.targeting: must give a variant; 'sem_ver' gives a value. Use if or fractional."),
        ({"if": [{"sem_ver": [{"var": "version"}, "=>", "two"]}, "on"]},
         'flags.new-editor.targeting.if[0].sem_ver[2]: \'two\' is no version; write it like "2.4.0"'),
        ({"if": [{"$ref": "staff"}, "on"]},
         "flags.new-editor.targeting.if[0]: no such shared rule: 'staff'; add it to $evaluators"),
        ({"fractional": [["on", 0], ["off", 0]]},
         "flags.new-editor.targeting.fractional: one of the weights must be above 0"),
        ({"if": []}, "flags.new-editor.targeting.if: takes 1 or more arguments, got 0"),
        ({"if": [{"in": ["a"]}, "on"]}, "flags.new-editor.targeting.if[0].in: takes 2 arguments, got 1"),
        ([], None),
    ],
)  # fmt: skip
def test_a_fault_says_where_it_is_and_what_to_write(targeting: Any, expected: str | None) -> None:
    assert (faults(targeting) or [None])[0] == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"state": "on"}, "flags.new-editor.state: must be one of ENABLED, DISABLED"),
        ({"variants": {}}, 'flags.new-editor.variants: give at least one variant, such as {"on": true, "off": false}'),
        ({"variants": {"on": 1, "off": "x"}},
         "flags.new-editor.variants: all values must be of one kind, but there are: number, text"),
        ({"defaultVariant": "maybe"}, "flags.new-editor.defaultVariant: no such variant: 'maybe'; there are: off, on"),
        ({"metadata": {"hash": "v1"}}, "flags.new-editor.metadata.hash: must be one of v3"),
        ({"metadata": {"a": []}}, "flags.new-editor.metadata.a: must be a text, a number or a truth"),
        ({"colour": 1}, ("flags.new-editor.colour: no such member; there are: state, variants, defaultVariant, "
                         "targeting, metadata")),
    ],
)  # fmt: skip
def test_the_flag_itself_is_checked(more: dict[str, Any], expected: str) -> None:
    assert expected in faults(**more)


def test_one_bad_flag_does_not_cost_the_others() -> None:
    good = {"state": "ENABLED", "variants": VARIANTS, "targeting": {"if": [{"$ref": "adult"}, "on"]}}
    bad = {"state": "ENABLED", "variants": VARIANTS, "targeting": {"if": [True, "blue"]}}
    shared = {"adult": {">=": [{"var": "age"}, 18]}}

    found = read_set({"$evaluators": shared, "flags": {"good": good, "bad": bad}}, ATTRIBUTES)

    assert found.flags["good"]["targeting"] == {"if": [{">=": [{"var": "age"}, 18]}, "on"]}
    assert [fault.path for fault in found.faults] == ["flags.bad.targeting.if[1]"]


def test_shared_rules_in_a_circle_are_refused_by_name() -> None:
    circle = {"a": {"!": [{"$ref": "b"}]}, "b": {"!": [{"$ref": "a"}]}}
    flag = {"state": "ENABLED", "variants": VARIANTS, "targeting": {"if": [{"$ref": "a"}, "on"]}}

    [fault] = read_set({"$evaluators": circle, "flags": {"f": flag}}, ATTRIBUTES).faults

    assert "a -> b -> a" in fault.message


def test_no_rule_however_odd_makes_the_check_fail() -> None:
    for seed in range(2_000):
        check_flag("f", Rules(seed).flag(), ATTRIBUTES, path="flags.f")
