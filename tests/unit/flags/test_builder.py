"""Rows of the form and rules say the same, or the rule stays JSON."""

from typing import Any

import pytest

from reliability.flags.builder import AND, SHARE, Rows, RuleRow, VariantRow, definition_of, row_of_branch, rows_of
from reliability.flags.configuration import BUILT_IN
from reliability.flags.validation.faults import Kind

ATTRIBUTES = {**BUILT_IN, "targetingKey": Kind.TEXT, "age": Kind.NUMBER}


def flag(targeting: Any = None, **variants: Any) -> dict[str, Any]:
    found = {"state": "ENABLED", "variants": variants or {"on": True, "off": False}, "defaultVariant": "off"}
    return {**found, "targeting": targeting} if targeting else found


@pytest.mark.parametrize(
    "definition",
    [
        flag(),
        flag({"if": [{"==": [{"var": "targetingKey"}, "ada"]}, "on", "off"]}),
        flag({"if": [{"in": ["staff", {"var": "groups"}]}, "on", {"fractional": [["on", 10], ["off", 90]]}]}),
        flag({"fractional": [["on", 25], ["off", 75]]}),
        flag({"if": [{"and": [{"==": [{"var": "is_staff"}, True]}, {">=": [{"var": "age"}, 18]}]}, "on"]}),
        flag({"if": [{"in": [{"var": "locale"}, ["de", "fr"]]}, "on", {"starts_with": [{"var": "path"}, "/x"]}, "on"]}),
        flag({"if": [{"sem_ver": [{"var": "release"}, ">=", "2.4.0"]}, "on"]}),
        flag(None, one="1", two="two"),
        {**flag(), "state": "DISABLED", "metadata": {"hash": "v3"}},
    ],
)
def test_what_rows_can_say_comes_back_as_it_was(definition: dict[str, Any]) -> None:
    rows = rows_of(definition, ATTRIBUTES)

    assert rows is not None or "starts_with" in str(definition)
    if rows is not None:
        assert definition_of(rows, ATTRIBUTES, base=definition) == definition


@pytest.mark.parametrize(
    "targeting",
    [
        {"if": [{"or": [{"==": [{"var": "path"}, "/"]}, True]}, "on"]},
        {"fractional": [["on", 1], ["off", 2]]},
        {"fractional": [["on", 1], ["off", 2], ["on", 97]]},
        {"if": [{"==": [{"var": ["plan", "x"]}, "gold"]}, "on"]},
        {"if": [{"==": [{"var": "path"}, "/"]}, {"if": [True, "on"]}]},
    ],
)
def test_what_rows_cannot_say_stays_json(targeting: Any) -> None:
    assert rows_of(flag(targeting), ATTRIBUTES) is None


def test_rows_make_a_rule() -> None:
    rows = Rows(
        [VariantRow("on", "true"), VariantRow("off", "false")],
        "off",
        rules=[RuleRow("is_staff", "is", "true", AND), RuleRow("locale", "one_of", "de, fr", "on"), RuleRow()],
        rest=SHARE,
        share="on",
        other="off",
        percent=5,
    )

    assert definition_of(rows, ATTRIBUTES, base={}) == flag(
        {
            "if": [
                {"and": [{"==": [{"var": "is_staff"}, True]}, {"in": [{"var": "locale"}, ["de", "fr"]]}]},
                "on",
                {"fractional": [["on", 5], ["off", 95]]},
            ]
        }
    )
    assert (row_of_branch(rows.rules, 0), row_of_branch(rows.rules, 2)) == (1, -1)
