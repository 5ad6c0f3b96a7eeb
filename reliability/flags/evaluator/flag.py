"""What does a flag answer? One flagd flag compiled: rules, variants, reasons and errors as flagd has them. Pure."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from reliability.flags.evaluator import attributes, control, fractional, operators  # noqa: F401 - they register
from reliability.flags.evaluator.rule import Run, Scope, UnknownOperator, compile_rule


class Reason(StrEnum):
    """Why this is the answer; names of the OpenFeature specification."""

    STATIC = "STATIC"
    DEFAULT = "DEFAULT"
    TARGETING_MATCH = "TARGETING_MATCH"
    DISABLED = "DISABLED"
    ERROR = "ERROR"


class ErrorCode(StrEnum):
    """What went wrong; names of the OpenFeature specification."""

    GENERAL = "GENERAL"
    PARSE_ERROR = "PARSE_ERROR"
    FLAG_NOT_FOUND = "FLAG_NOT_FOUND"
    TYPE_MISMATCH = "TYPE_MISMATCH"


class Answer(NamedTuple):
    """An evaluated flag. `variant` is None when the value is the caller's own default."""

    value: Any
    variant: str | None
    reason: Reason
    error_code: ErrorCode | None = None


class Outcome:
    """What a flag says before anybody's default or type is known; `is_own` is False when the caller decides."""

    __slots__ = ("answer", "error_code", "is_own", "reason", "type", "value", "variant")

    def __init__(
        self,
        value: Any,
        variant: str | None,
        reason: Reason,
        error_code: ErrorCode | None = None,
        *,
        is_own: bool = True,
    ) -> None:
        self.value, self.variant, self.reason, self.error_code, self.is_own = value, variant, reason, error_code, is_own
        self.answer = Answer(value, variant, reason)
        """The answer for whoever expects a value of this type, made once: making one costs more than finding it."""
        self.type: type | None = type(value) if is_own else None

    def because(self, reason: Reason) -> "Outcome":
        """The same for another reason."""
        return Outcome(self.value, self.variant, reason, self.error_code, is_own=self.is_own)


UNDECIDED = Outcome(None, None, Reason.DEFAULT, is_own=False)
GENERAL = Outcome(None, None, Reason.ERROR, ErrorCode.GENERAL, is_own=False)
PARSE_ERROR = Outcome(None, None, Reason.ERROR, ErrorCode.PARSE_ERROR, is_own=False)
DISABLED = Outcome(None, None, Reason.DISABLED, is_own=False)


@dataclass(frozen=True, slots=True)
class Flag:
    """A compiled flag."""

    key: str
    outcome: Callable[[Mapping[str, Any]], Outcome]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    static: Outcome | None = None
    """The answer, when it is the same for everybody in this process."""
    reads: frozenset[str] = frozenset()
    """First keys of the attributes that its rules read; "" is the whole context."""

    def evaluate(self, default: Any, context: Mapping[str, Any]) -> Answer:
        """Answer for a context, as a value of the default's type. Never raises."""
        outcome = self.static or self.outcome(context)
        if outcome.type is type(default):
            return outcome.answer
        if not outcome.is_own:
            return Answer(default, outcome.variant, outcome.reason, outcome.error_code)
        value = outcome.value
        if isinstance(default, float) and type(value) is int:
            return Answer(float(value), outcome.variant, outcome.reason)
        if default is None or (isinstance(default, dict | list) and isinstance(value, dict | list)):
            return outcome.answer
        return Answer(default, None, Reason.ERROR, ErrorCode.TYPE_MISMATCH)


def compile_flag(
    key: str,
    definition: Mapping[str, Any],
    *,
    constants: Mapping[str, Any] | None = None,
    clock: Callable[[], float] = time.time,
) -> Flag:
    """Compile a flagd flag whose `$ref`s are resolved; `constants` are attributes that never change in this process."""
    metadata = definition.get("metadata") or {}
    if definition.get("state") == "DISABLED":
        return Flag(key, lambda context: DISABLED, metadata, static=DISABLED)
    variants: Mapping[str, Any] = definition.get("variants") or {}
    default = _default(definition.get("defaultVariant"), variants)
    targeting = definition.get("targeting")
    if not targeting:
        outcome = default if default.error_code or not default.is_own else default.because(Reason.STATIC)
        return Flag(key, lambda context: outcome, metadata, static=outcome)
    if not isinstance(targeting, dict):
        return Flag(key, lambda context: PARSE_ERROR, metadata, static=PARSE_ERROR)
    scope = Scope(key, constants or {}, clock)
    node = compile_rule(targeting, scope)
    matches = {
        name: Outcome(value, name, Reason.TARGETING_MATCH) if value is not None else GENERAL
        for name, value in variants.items()
    }
    run = _targeted(node.run, matches, default)
    static = run({}) if node.is_constant else None
    return Flag(key, run, metadata, static, frozenset(scope.reads))


def _default(name: Any, variants: Mapping[str, Any]) -> Outcome:
    if isinstance(name, bool):
        name = "true" if name else "false"
    if not name:
        return UNDECIDED
    return Outcome(variants[name], name, Reason.DEFAULT) if name in variants else GENERAL


def _targeted(rule: Run, matches: Mapping[str, Outcome], default: Outcome) -> Callable[[Mapping[str, Any]], Outcome]:
    def outcome(context: Mapping[str, Any]) -> Outcome:
        try:
            name = rule(context)
            if type(name) is not str:
                if name is None:
                    return default
                name = ("true" if name else "false") if isinstance(name, bool) else str(name)
            return matches.get(name, GENERAL)
        except UnknownOperator:
            return PARSE_ERROR
        except Exception:  # noqa: BLE001 - a rule that fails must not fail the request that asks
            return GENERAL

    return outcome
