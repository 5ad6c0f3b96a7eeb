"""One or several out of a fixed list."""

from collections.abc import Iterator, Mapping
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import Problem, refuse
from reliability.wording import say as _


def choices(value: Any) -> str | None:
    """Check a list of choices: plain values, or mappings of `value` and `label` (a text, or one per locale)."""
    rule = "must be a list of different values, or of mappings with value and label."
    if not isinstance(value, list) or not value:
        return rule
    values = [_value(each) for each in value]
    labelled = all(_is_label(each.get("label", "")) for each in value if isinstance(each, dict))
    return rule if None in values or len(set(values)) != len(values) or not labelled else None


class Choice(FieldKind):
    """Stored as the value, or with `multiple` as a list of values."""

    key = "choice"
    options = {"choices": choices, "multiple": options.flag}

    def check_together(self, field: FieldDefinition) -> Iterator[Problem]:
        """Yield that the choices are missing."""
        if "choices" not in field.options:
            yield Problem("choices", "invalid_option", "must list the values to choose from.")

    def normal_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return every choice as a mapping; a plain value is its own label."""
        full = [each if isinstance(each, dict) else {"value": each, "label": each} for each in options["choices"]]
        labelled = [{"value": each["value"], "label": each.get("label", each["value"])} for each in full]
        return {**options, "choices": labelled}

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | list[str] | None:
        """Return the value or the list of different values; whether it is still on offer counts when publishing."""
        if not field.options.get("multiple"):
            return _one(value, path) if value not in (None, "") else None
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise refuse(path, "not_a_list", _("Must be a list of values."))
        return list(dict.fromkeys(_one(each, path) for each in value))

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield the values that are not on offer."""
        offered = values_of(field)
        for each in value if isinstance(value, list) else [value]:
            if each not in offered:
                yield Problem(
                    path,
                    "not_a_choice",
                    _("“{value}” is not on offer; choose from {offered}.", value=each, offered=", ".join(offered)),
                )

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return every value."""
        return [FilterValue(text=each) for each in (value if isinstance(value, list) else [value]) if each]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the values on offer."""
        one = {"type": "string", "enum": values_of(field)}
        return {"type": "array", "items": one, "uniqueItems": True} if field.options.get("multiple") else one


def values_of(field: FieldDefinition) -> list[str]:
    """Return the values on offer, in order."""
    return [str(_value(each)) for each in field.options.get("choices", [])]


def _value(choice: Any) -> str | None:
    value = choice.get("value") if isinstance(choice, dict) and choice.keys() <= {"value", "label"} else choice
    return value if isinstance(value, str) and value else None


def _is_label(label: Any) -> bool:
    texts = label.values() if isinstance(label, dict) else [label]
    return all(isinstance(each, str) for each in texts)


def _one(value: Any, path: str) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise refuse(path, "not_a_choice", _("Must be one of the values on offer."))
    return value
