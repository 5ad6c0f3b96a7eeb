"""Create and change flags. Every change raises the version of the set first, and leaves a record."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.module_loading import import_string

from reliability.flags import process
from reliability.flags.configuration import attributes, option
from reliability.flags.lint import Hint, compare
from reliability.flags.models import MEMBERS, Flag, FlagChange, FlagSet, Kind, as_json
from reliability.flags.stored import check_overrides, with_ids
from reliability.flags.validation import Fault, check_flag
from reliability.wording import say as _

CHANGED = "flags.changed"
"""Kind of the event that other regions hear."""
PERMISSIONS = {"create": "add", "archive": "delete", "restore": "delete", "kill": "kill"}
"""The permission that each action needs; every other needs `change`."""


class NotAllowed(PermissionError):
    """The author lacks the permission that the message names."""


class FlagRefused(ValueError):
    """The flag would be wrong (`faults`), or would do what its author may not mean (`hints`, to be confirmed)."""

    def __init__(self, faults: list[Fault], hints: list[Hint] | None = None) -> None:
        self.faults, self.hints = faults, hints or []
        super().__init__("\n".join([*map(str, faults), *(hint.message for hint in self.hints)]))


class FlagConflict(ValueError):
    """Somebody else has changed the flag since it was read."""


@dataclass(frozen=True)
class Author:
    """Who changes a flag; `has_perm` as Django's users have it."""

    name: str
    has_perm: Callable[[str], bool]
    id: str = ""
    request_id: str = ""

    def require(self, action: str) -> None:
        """Insist on the right to an action. Raises NotAllowed."""
        permission = f"reliability_flags.{PERMISSIONS.get(action, 'change')}_flag"
        if not self.has_perm(permission):
            sentence = _("{name} may not do this to flags: {action} (permission {permission}).")
            raise NotAllowed(sentence.format(name=self.name, action=action, permission=permission))


def system(name: str) -> Author:
    """The author of what a command or a task does; everything is allowed."""
    return Author(name, lambda permission: True)


@dataclass(frozen=True)
class Edit:
    """The members of a flag that an editor gives; None leaves one as it is."""

    definition: Mapping[str, Any] | None = None
    overrides: list[dict[str, Any]] | None = None
    kind: str | None = None
    owner: str | None = None
    description: str | None = None
    expires_on: date | Literal[""] | None = None
    """A day; "" takes it away."""
    client_visible: bool | None = None
    kill_variant: str | None = None


def create_flag(*, key: str, edit: Edit, by: Author, now: datetime, reason: str = "") -> Flag:
    """Create a flag. Raises NotAllowed, and FlagRefused when it is wrong or the key is taken."""
    by.require("create")
    with transaction.atomic():
        version = _next_version(now)
        if Flag.objects.filter(pk=key).exists():
            raise FlagRefused(
                [Fault("key", _("{key!r} is taken; keys of archived flags are not given again", key=key))]
            )
        flag = Flag(key=key, definition="{}")
        _apply(flag, edit)
        _check(flag)
        return _save(flag, "create", None, version, by=by, now=now, reason=reason, is_new=True)


def update_flag(
    *, key: str, edit: Edit, by: Author, now: datetime, reason: str = "", base_version: int | None = None,
    confirmed: bool = False,
) -> Flag:  # fmt: skip
    """Change a flag. `base_version` is the version that the author saw; `confirmed` takes what `lint` warns of.

    Raises NotAllowed, FlagConflict, FlagRefused (with hints when only a confirmation is missing), Flag.DoesNotExist.
    """

    def change(flag: Flag) -> None:
        if base_version is not None and flag.version != base_version:
            raise FlagConflict(
                _(
                    "{key} was changed meanwhile: you saw version {seen}, now it is {version}.",
                    key=key,
                    seen=base_version,
                    version=flag.version,
                )
            )
        former = json.loads(flag.definition)
        _apply(flag, edit)
        _check(flag)
        hints = compare(key, former, json.loads(flag.definition)) if edit.definition is not None else []
        if hints and not confirmed:
            raise FlagRefused([], hints)

    return change_flag(key, "update", change, by=by, now=now, reason=reason)


def archive_flag(*, key: str, by: Author, now: datetime, reason: str = "") -> Flag:
    """Take a flag out of use; code that asks for it gets its own default. Raises NotAllowed, Flag.DoesNotExist."""

    def change(flag: Flag) -> None:
        flag.archived_at = now

    return change_flag(key, "archive", change, by=by, now=now, reason=reason)


def restore_flag(*, key: str, by: Author, now: datetime, reason: str = "") -> Flag:
    """Put an archived flag back into use. Raises NotAllowed, Flag.DoesNotExist."""

    def change(flag: Flag) -> None:
        flag.archived_at = None

    return change_flag(key, "restore", change, by=by, now=now, reason=reason)


def revert_flag(*, change_id: int, by: Author, now: datetime, reason: str = "") -> Flag:
    """Make a flag what it was before a change; a kill since then stays. Raises NotAllowed, FlagChange.DoesNotExist."""
    found = FlagChange.objects.get(pk=change_id)
    if found.before is None:
        raise FlagRefused([Fault("change", _("this change created the flag; archive it instead"))])
    before: dict[str, Any] = found.before

    def change(flag: Flag) -> None:
        for name in MEMBERS:
            if name != "kill":
                setattr(flag, name, before[name])
        flag.expires_on = parse_date(before["expires_on"]) if before["expires_on"] else None
        flag.archived_at = parse_datetime(before["archived_at"]) if before["archived_at"] else None
        _check(flag)

    return change_flag(found.flag_key, "revert", change, by=by, now=now, reason=reason)


def change_flag(
    key: str, action: str, change: Callable[[Flag], None], *, by: Author, now: datetime, reason: str
) -> Flag:
    """Change one flag in one transaction: the version of the set, then the flag under its lock, then the record."""
    by.require(action)
    with transaction.atomic():
        version = _next_version(now)
        flag = Flag.objects.select_for_update().get(pk=key)
        before = as_json(flag)
        change(flag)
        return _save(flag, action, before, version, by=by, now=now, reason=reason)


def _next_version(now: datetime) -> int:
    FlagSet.objects.get_or_create(pk=1)
    FlagSet.objects.filter(pk=1).update(version=F("version") + 1, token=secrets.token_hex(16), changed_at=now)
    return FlagSet.objects.values_list("version", flat=True).get(pk=1)


def _apply(flag: Flag, edit: Edit) -> None:
    given = {name: value for name, value in asdict(edit).items() if value is not None}
    if edit.definition is not None:
        given["definition"] = json.dumps(edit.definition, ensure_ascii=False)
    if edit.overrides is not None:
        given["overrides"] = with_ids(edit.overrides)
    for name, value in given.items():
        setattr(flag, name, None if name == "expires_on" and value == "" else value)
    if not flag.kill_variant:
        flag.kill_variant = _false_variant(json.loads(flag.definition))


def _false_variant(definition: Mapping[str, Any]) -> str:
    """Give the variant that a truth is when it is off; other kinds must name theirs."""
    variants = definition.get("variants")
    return next((name for name, value in variants.items() if value is False), "") if isinstance(variants, dict) else ""


def _check(flag: Flag) -> None:
    definition = json.loads(flag.definition)
    path = f"flags.{flag.key}"
    faults = check_flag(flag.key, definition, attributes(), path=path)
    variants = definition.get("variants") if isinstance(definition, dict) else None
    if isinstance(variants, dict):
        faults += check_overrides(flag.overrides, variants, attributes(), path=f"{path}.overrides")
        if flag.kill_variant not in variants:
            faults.append(
                Fault(
                    f"{path}.kill_variant",
                    _("name what is served when it is killed: {variants}", variants=", ".join(variants)),
                )
            )
        if flag.client_visible and not definition.get("defaultVariant"):
            faults.append(Fault(f"{path}.defaultVariant", _("a flag that clients may see needs a default variant")))
    if flag.kind not in Kind.values:
        faults.append(Fault(f"{path}.kind", _("must be one of {known}", known=", ".join(Kind.values))))
    if faults:
        raise FlagRefused(faults)


def _save(
    flag: Flag, action: str, before: dict[str, Any] | None, version: int, *, by: Author, now: datetime, reason: str,
    is_new: bool = False,
) -> Flag:  # fmt: skip
    flag.version = version
    flag.save(force_insert=is_new)
    FlagChange.objects.create(
        version=version, flag_key=flag.key, action=action, actor_id=by.id, actor_name=by.name, reason=reason,
        request_id=by.request_id, at=now, before=before, after=as_json(flag),
    )  # fmt: skip
    recorder = option("RECORD_EVENT")
    if recorder:
        import_string(recorder)([(CHANGED, flag.key, {"version": version})])
    transaction.on_commit(lambda: process.announce(version))
    return flag
