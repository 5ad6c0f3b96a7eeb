"""Our compiled rules answer as flagd's own core does: value, variant, reason and error, 100,000 times."""

import json
import logging
import os

import pytest

from reliability.flags.evaluator import Answer, compile_flag
from tests.unit.flags.rules import Rules

FLAGS, QUESTIONS = 5_000, 20
"""At least 100,000 cases; FLAGS_FUZZ multiplies them."""


def ours(key: str, definition: dict[str, object], context: dict[str, object]) -> Answer:
    return compile_flag(key, definition).evaluate("code default", context)


@pytest.mark.parametrize("part", range(2))
def test_random_rules_are_answered_as_by_flagd(part: int) -> None:
    from openfeature.contrib.tools.flagd.core import FlagdCore
    from openfeature.evaluation_context import EvaluationContext
    from openfeature.exception import OpenFeatureError

    logging.getLogger("openfeature.contrib").disabled = True
    different = []
    many = int(os.environ.get("FLAGS_FUZZ", "1"))
    for seed in range(FLAGS * many * part // 2, FLAGS * many * (part + 1) // 2):
        rules = Rules(seed)
        definition = rules.flag()
        oracle = FlagdCore()
        oracle.set_flags({"flags": {"colour": json.loads(json.dumps(definition))}})
        compiled = compile_flag("colour", definition)
        for _ in range(QUESTIONS):
            context = rules.context()
            attributes = {name: value for name, value in context.items() if name != "targetingKey"}
            asked = EvaluationContext(targeting_key=context.get("targetingKey"), attributes=attributes)
            try:
                found = oracle.resolve_string_value("colour", "code default", asked)
                expected = (found.value, found.variant, str(found.reason.value), None)
            except OpenFeatureError as error:
                expected = ("code default", None, "ERROR", error.error_code.value)
            answer = compiled.evaluate("code default", context)
            given = (answer.value, answer.variant, answer.reason, answer.error_code)
            if given != expected:
                different.append((definition, context, given, expected))

    assert different[:3] == []


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"if": [{"===": [1, True]}, "red", "green"]}, "a truth is no number, as in JavaScript"),
        ({"if": [{"==": [{"cat": [True]}, "true"]}, "green", "red"]}, "a truth is written true, not True"),
        ({"if": [{"<": [{"/": [1, {"var": "zero"}]}, 1]}, "red", "red"]}, "a division by zero is an error of the rule"),
    ],
)
def test_known_faults_of_the_core_are_answered_as_the_standard_says(rule: object, why: str) -> None:
    variants = {"red": "r", "green": "g"}
    answer = ours("colour", {"state": "ENABLED", "variants": variants, "targeting": rule}, {"zero": 0})

    assert (answer.variant == "green") is ("division" not in why), why
    assert (answer.error_code == "GENERAL") is ("division" in why), why
