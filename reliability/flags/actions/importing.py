"""Take flags out of a flagd document."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reliability.flags.actions.write import Author, Edit, FlagRefused, create_flag, update_flag
from reliability.flags.configuration import attributes
from reliability.flags.definition import read_set
from reliability.flags.models import Flag
from reliability.flags.validation import Fault


@dataclass
class ImportReport:
    """What an import did, by key; `faults` are the flags that were left out, and why."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def import_flags(
    *, document: Any, by: Author, now: datetime, reason: str = "", all_or_nothing: bool = False, only_new: bool = False
) -> ImportReport:
    """Create and update the good flags of a document, and report the bad ones with path and reason.

    With `only_new` a flag that is there, archived ones included, is left as it is.
    A document in the native form (`{"flagd": ..., "management": ...}`) brings owners, overrides and kill variants too.
    Raises NotAllowed, and FlagRefused with `all_or_nothing` when any flag is bad.
    """
    native = document if isinstance(document, dict) and "flagd" in document else {"flagd": document, "management": {}}
    found = read_set(native["flagd"], attributes())
    report = ImportReport(faults=list(found.faults))
    management = native.get("management") or {}
    with transaction.atomic():
        there = set(Flag.objects.filter(pk__in=found.flags).values_list("pk", flat=True)) if only_new else set()
        report.unchanged += sorted(there)
        for key, definition in found.flags.items():
            if key in there:
                continue
            try:
                with transaction.atomic():
                    _take(key, Edit(definition=definition, **_management(management.get(key))), report,
                          by=by, now=now, reason=reason)  # fmt: skip
            except FlagRefused as refused:
                report.faults += refused.faults
        if all_or_nothing and report.faults:
            raise FlagRefused(report.faults)
    return report


def _take(key: str, edit: Edit, report: ImportReport, *, by: Author, now: datetime, reason: str) -> None:
    before = Flag.objects.filter(pk=key).first()
    if before is None:
        create_flag(key=key, edit=edit, by=by, now=now, reason=reason)
        report.created.append(key)
        return
    if _is_same(before, edit):
        report.unchanged.append(key)
        return
    update_flag(key=key, edit=edit, by=by, now=now, reason=reason, confirmed=True)
    report.updated.append(key)


def _is_same(flag: Flag, edit: Edit) -> bool:
    given = {name: value for name, value in vars(edit).items() if value is not None and name != "definition"}
    same = all(getattr(flag, name) == value for name, value in given.items())
    return same and json.dumps(edit.definition) == json.dumps(json.loads(flag.definition))


def _management(given: Any) -> dict[str, Any]:
    """Read what only the native form has of a flag."""
    if not isinstance(given, dict):
        return {}
    known = ("overrides", "kind", "owner", "description", "client_visible", "kill_variant")
    found = {name: given[name] for name in known if name in given}
    if given.get("expires_on"):
        found["expires_on"] = date.fromisoformat(given["expires_on"])
    return found
