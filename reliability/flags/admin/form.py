"""What stands in the form of a flag? Read from a flag or from what was posted, changed by its buttons."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from reliability.flags.actions import Edit
from reliability.flags.builder import HUNDRED, Rows, RuleRow, VariantRow, definition_of, rows_of
from reliability.flags.configuration import attributes
from reliability.flags.lowering import AXES
from reliability.flags.models import Flag, Kind
from reliability.flags.validation import Attributes
from reliability.flags.validation.faults import Kind as AttributeKind

NEW: dict[str, Any] = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off"}
WORDS = ("key", "kind", "owner", "description", "expires_on", "kill_variant", "reason")
"""Fields that hold a text."""


@dataclass
class OverrideRow:
    """An override: values of each axis, separated by commas."""

    id: str = ""
    region: str = ""
    colour: str = ""
    release: str = ""
    environment: str = ""
    serve: str = ""
    reason: str = ""
    expires_at: str = ""


@dataclass
class Entered:
    """Everything that the form holds; `rows` is None when only JSON can say it."""

    key: str = ""
    kind: str = Kind.RELEASE.value
    owner: str = ""
    description: str = ""
    expires_on: str = ""
    is_client_visible: bool = False
    kill_variant: str = "off"
    reason: str = ""
    base_version: int = 0
    rows: Rows | None = None
    overrides: list[OverrideRow] = field(default_factory=list)
    json: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, place: str, message: str) -> None:
        self.problems.setdefault(place, []).append(message)

    @property
    def definition(self) -> Any:
        """The flagd flag that the form says."""
        try:
            return json.loads(self.json)
        except ValueError:
            return None


def readable() -> Attributes:
    """List what rules may read, who asks included."""
    return {"targetingKey": AttributeKind.TEXT, **attributes()}


def of_flag(flag: Flag | None) -> Entered:
    """Fill the form with a flag, or with the beginnings of a new one."""
    if flag is None:
        entered = Entered(json=_spread(NEW))
    else:
        entered = Entered(
            key=flag.key, kind=flag.kind, owner=flag.owner, description=flag.description,
            expires_on=flag.expires_on.isoformat() if flag.expires_on else "",
            is_client_visible=flag.client_visible, kill_variant=flag.kill_variant, base_version=flag.version,
            overrides=[_override_row(each) for each in flag.overrides], json=_spread(json.loads(flag.definition)),
        )  # fmt: skip
    entered.rows = rows_of(entered.definition, readable())
    return entered


def of_post(post: QueryDict) -> Entered:
    """Read what was posted. JSON that was edited wins over the rows beside it."""
    entered = Entered(
        is_client_visible="is_client_visible" in post,
        base_version=_whole(post.get("base_version")),
        overrides=[OverrideRow(**each) for each in _listed(post, "override", OverrideRow)],
    )
    for name in WORDS:
        setattr(entered, name, post.get(name, "").strip())
    given, was = post.get("json", ""), post.get("json_was", "")
    if "has_rows" in post and given.replace("\r\n", "\n").strip() == was.replace("\r\n", "\n").strip():
        entered.rows = _rows(post)
        base = _object(was) or {}
        entered.json = _spread(definition_of(entered.rows, readable(), base=base))
        return entered
    found = _object(given)
    if found is None:
        entered.json = given
        entered.refuse("json", _json_fault(given))
        return entered
    entered.json, entered.rows = _spread(found), rows_of(found, readable())
    return entered


def press(entered: Entered, button: str) -> str:
    """Do what a button says that changes rows (`rule-add`, `rule-up-2`); gives the place that changed."""
    name, _sep, rest = button.partition("-")
    verb, _sep, number = rest.partition("-")
    rows: list[Any] | None = entered.overrides if name == "override" else None
    if entered.rows is not None and name in ("rule", "variant"):
        rows = entered.rows.rules if name == "rule" else entered.rows.variants
    place = _whole(number)
    if rows is None:
        return "json"
    if verb == "add":
        made: dict[str, type] = {"override": OverrideRow, "rule": RuleRow, "variant": VariantRow}
        rows.append(made[name]())
        return f"{name}-{len(rows) - 1}"
    if place < len(rows) and verb == "drop":
        del rows[place]
    elif 0 < place < len(rows) and verb == "up":
        rows.insert(place - 1, rows.pop(place))
        place -= 1
    if entered.rows is not None:
        entered.json = _spread(definition_of(entered.rows, readable(), base=entered.definition or {}))
    return f"{name}-{min(place, len(rows) - 1)}" if rows else f"{name}s"


def edit_of(entered: Entered) -> Edit:
    """Make the change that the form means; what cannot be read is put into its problems."""
    return Edit(
        definition=entered.definition, overrides=_overrides(entered), kind=entered.kind, owner=entered.owner,
        description=entered.description, expires_on=_day(entered), client_visible=entered.is_client_visible,
        kill_variant=entered.kill_variant,
    )  # fmt: skip


def _rows(post: QueryDict) -> Rows:
    percent, was = _whole(post.get("percent")), _whole(post.get("percent_was"))
    slider = _whole(post.get("slider"))
    return Rows(
        variants=[VariantRow(**each) for each in _listed(post, "variant", VariantRow)],
        default=post.get("default", ""), is_enabled="is_enabled" in post,
        rules=[RuleRow(**each) for each in _listed(post, "rule", RuleRow)],
        rest=post.get("rest", ""), share=post.get("share", ""), other=post.get("other", ""),
        # Without scripts the slider and the number are two fields: the one that was moved counts.
        percent=min(HUNDRED, slider if percent == was and slider != was else percent),
    )  # fmt: skip


def _listed(post: QueryDict, name: str, row: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    members = [each.name for each in fields(row)]
    while f"{name}-{len(found)}-{members[-1]}" in post:
        found.append({each: post.get(f"{name}-{len(found)}-{each}", "").strip() for each in members})
    return found


def _override_row(stored: Mapping[str, Any]) -> OverrideRow:
    when, serve = stored.get("when") or {}, stored.get("serve")
    return OverrideRow(
        id=stored.get("id", ""), **{axis: ", ".join(when.get(axis, [])) for axis in AXES},
        serve=serve if isinstance(serve, str) else json.dumps(serve, ensure_ascii=False),
        reason=stored.get("reason", ""), expires_at=_local(stored.get("expires_at")),
    )  # fmt: skip


def _overrides(entered: Entered) -> list[dict[str, Any]]:
    made = []
    for number, row in enumerate(entered.overrides):
        given = asdict(row)
        if not any(value for name, value in given.items() if name != "id"):
            continue
        when = {axis: [part.strip() for part in given[axis].split(",") if part.strip()] for axis in AXES}
        made.append({
            "id": row.id, "when": {axis: values for axis, values in when.items() if values},
            "serve": _object(row.serve) or row.serve, "reason": row.reason,
            "expires_at": _instant(entered, number, row.expires_at),
        })  # fmt: skip
    return made


def _instant(entered: Entered, number: int, text: str) -> str | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        entered.refuse(f"override-{number}", _("Enter a date and a time, such as 2026-12-31T12:00."))
        return None
    return (moment if moment.tzinfo else timezone.make_aware(moment)).isoformat()


def _local(stored: str | None) -> str:
    if not stored:
        return ""
    return timezone.localtime(datetime.fromisoformat(stored)).replace(tzinfo=None).isoformat(timespec="minutes")


def _day(entered: Entered) -> date | Literal[""] | None:
    if not entered.expires_on:
        return ""
    try:
        return date.fromisoformat(entered.expires_on)
    except ValueError:
        entered.refuse("expires_on", _("Enter a day, such as 2026-12-31."))
        return None


def _spread(definition: Any) -> str:
    return json.dumps(definition, ensure_ascii=False, indent=2)


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _json_fault(text: str) -> str:
    try:
        json.loads(text)
    except ValueError as error:
        return _("This is no JSON: %(fault)s") % {"fault": error}
    return _('A flag is an object, such as {"state": "ENABLED", "variants": {"on": true, "off": false}}.')


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
