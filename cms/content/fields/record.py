"""The fields of a type together: a document's data, or the value of a block."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FilterValue, Link
from cms.content.problems import InvalidValue, Problem, refuse
from reliability.wording import say as _

Fields = Sequence[FieldDefinition]


def clean_record(fields: Fields, data: Any, path: str, context: Context) -> dict[str, Any]:
    """Return the data as it is stored, in the order of the fields; absent keys stay absent (a partial change).

    Values of retired fields are cleaned like others, for the day they come back.
    Raises InvalidValue with every problem, unknown keys included.
    """
    if not isinstance(data, Mapping):
        raise refuse(path, "not_a_mapping", _("Must be a mapping of field keys to values."))
    known = {field.key for field in fields}
    problems = [_unknown(join(path, key), known) for key in data if key not in known]
    cleaned: dict[str, Any] = {}
    for field in fields:
        if field.key not in data:
            continue
        try:
            kind = context.kinds[field.kind]
            cleaned[field.key] = kind.clean(data[field.key], field, join(path, field.key), context)
        except InvalidValue as error:
            problems += error.problems
    if problems:
        raise InvalidValue(problems)
    return cleaned


def complete_record(fields: Fields, data: Mapping[str, Any], path: str, context: Context) -> list[Problem]:
    """Return everything that keeps cleaned data from being published; retired fields are not asked."""
    problems: list[Problem] = []
    for field in _active(fields):
        kind = context.kinds[field.kind]
        problems += kind.complete(data.get(field.key), field, join(path, field.key), context)
    return problems


def links_of(fields: Fields, data: Mapping[str, Any], path: str, context: Context) -> list[Link]:
    """Return every document and file that cleaned data points to."""
    links: list[Link] = []
    for field in _active(fields):
        kind = context.kinds[field.kind]
        links += kind.references(data.get(field.key), field, join(path, field.key), context)
    return links


def words_of(fields: Fields, data: Mapping[str, Any], context: Context) -> str:
    """Return all words of cleaned data, whatever the weights; what a block contributes to search."""
    return " ".join(words for _, words in _words_by_field(fields, data, context))


def searchable_words(fields: Fields, data: Mapping[str, Any], context: Context) -> tuple[str, dict[str, str]]:
    """Return the words of the searchable fields: all in order, and by weight, A to D; weights without words are absent.

    Together, since reading the words out of prose is the dear part.
    """
    searchable = [field for field in fields if field.searchable]
    by_weight: dict[str, list[str]] = {}
    in_order = _words_by_field(searchable, data, context)
    for field, words in sorted(in_order, key=lambda each: each[0].searchable or ""):
        by_weight.setdefault(field.searchable or "", []).append(words)
    text = " ".join(words for _, words in in_order)
    return text, {weight: " ".join(words) for weight, words in by_weight.items()}


def _words_by_field(fields: Fields, data: Mapping[str, Any], context: Context) -> list[tuple[FieldDefinition, str]]:
    found = (
        (field, context.kinds[field.kind].search_text(data.get(field.key), field, context)) for field in _active(fields)
    )
    return [(field, words) for field, words in found if words]


def filters_of(fields: Fields, data: Mapping[str, Any], context: Context) -> dict[str, list[FilterValue]]:
    """Return what the index of filters keeps, by key of each filterable field that has a value."""
    marked = [field for field in _active(fields) if field.filterable]
    found = {field.key: context.kinds[field.kind].filter_values(data.get(field.key), field) for field in marked}
    return {key: values for key, values in found.items() if values}


def join(path: str, key: str) -> str:
    """Return the path of a key below this path."""
    return f"{path}.{key}" if path else key


def _unknown(path: str, known: set[str]) -> Problem:
    return Problem(
        path, "unknown_field", _("There is no such field; known: {known}.", known=", ".join(sorted(known)) or "none")
    )


def _active(fields: Fields) -> list[FieldDefinition]:
    return [field for field in fields if not field.retired]
