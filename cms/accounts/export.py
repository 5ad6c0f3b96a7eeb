"""The audit log as a file: CSV for spreadsheets, JSON Lines for programs; streamed, however long it is."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from cms.accounts.explanations import sentence
from cms.accounts.models import AuditEntry

COLUMNS = (
    "at", "actor_id", "actor_name", "action", "object_type", "object_id", "object_name", "sentence",
    "before", "after", "request_id", "address",
)  # fmt: skip
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula, and runs it."""


class _Line:
    """A file that gives back what is written, for the csv module."""

    def write(self, line: str) -> str:
        return line


def csv_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Write a line of column names and one line for each entry; text that could be a formula gets an apostrophe."""
    writer = csv.writer(_Line())
    yield str(writer.writerow(COLUMNS))
    for entry in entries:
        yield str(writer.writerow([_cell(value) for value in _values(entry).values()]))


def json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Write one JSON object to a line."""
    for entry in entries:
        yield json.dumps(_values(entry), ensure_ascii=False) + "\n"


def _values(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "object_name": entry.object_name,
        "sentence": sentence(entry.action, who=entry.actor_name, what=entry.object_name or entry.object_id),
        "before": entry.before,
        "after": entry.after,
        "request_id": entry.request_id,
        "address": entry.address,
    }


def _cell(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
