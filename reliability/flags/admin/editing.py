"""The form of a flag: rows and JSON side by side, what a change would do to people, then the change."""

import json
import re
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reliability.flags.actions import Edit, FlagConflict, FlagRefused, create_flag, update_flag
from reliability.flags.admin import form
from reliability.flags.admin.access import author, go, may, screen, show
from reliability.flags.admin.form import Entered
from reliability.flags.admin.listing import killed_here, line
from reliability.flags.builder import AND, OPERATORS, SHARE, row_of_branch
from reliability.flags.configuration import attributes, colours, regions
from reliability.flags.lint import compare, moved
from reliability.flags.lowering import lower
from reliability.flags.models import Flag, Kind
from reliability.flags.state import state_of
from reliability.flags.stored import check_overrides, read_overrides, with_ids
from reliability.flags.validation import Fault, check_flag

SAMPLE = 1_000
"""People who are asked before and after, for "N would change"."""
BRANCH = re.compile(r"targeting\.if\[(\d+)\]")
OVERRIDE = re.compile(r"overrides\[(\d+)\]")
PLACES = ("variants", "defaultVariant", "targeting", "kill_variant", "kind", "state", "metadata")


@screen("add")
def add(request: HttpRequest) -> HttpResponse:
    """Make a flag."""
    return _screen(request, None)


@screen("view")
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Show a flag, and change it."""
    return _screen(request, Flag.objects.get(pk=key))


def _screen(request: HttpRequest, flag: Flag | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, flag, form.of_flag(flag))
    if not may(request, "change" if flag else "add"):
        raise PermissionDenied
    entered = form.of_post(request.POST)
    if flag is not None:
        entered.key = flag.key
    button = request.POST.get("op", "save")
    if button != "save":
        changed = form.press(entered, button) if "-" in button else "json"
        return _page(request, flag, entered, changed=changed)
    edit = form.edit_of(entered)
    if not entered.problems and (asked := _to_confirm(request, flag, entered, edit)):
        return _page(request, flag, entered, asked=asked, token=_token(edit))
    if not entered.problems and _saved(request, flag, entered, edit):
        return go("change", entered.key)
    return _page(request, flag, entered, status=422)


def _to_confirm(request: HttpRequest, flag: Flag | None, entered: Entered, edit: Edit) -> list[str]:
    """List what the change would do to people, unless just that was confirmed; a bad flag is refused later."""
    if flag is None or request.POST.get("confirmed") == _token(edit) or _faults(entered, edit):
        return []
    now, before, after = timezone.now(), json.loads(flag.definition), edit.definition or {}
    old = lower(before, read_overrides(flag.overrides), now=now)
    new = lower(after, read_overrides(with_ids(edit.overrides or [])), now=now)
    count = moved(flag.key, old, new, sample=SAMPLE)
    sentences = [each.message for each in compare(flag.key, before, after) if each.code != "moved"]
    if count:
        sentence = _("Of %(sample)s sampled people %(count)s would change.")
        sentences.append(sentence % {"sample": number_format(SAMPLE, force_grouping=True), "count": count})
    return sentences


def _faults(entered: Entered, edit: Edit) -> list[Fault]:
    path = f"flags.{entered.key}"
    faults = check_flag(entered.key, edit.definition, attributes(), path=path)
    variants = (edit.definition or {}).get("variants")
    if isinstance(variants, dict):
        faults += check_overrides(edit.overrides or [], variants, attributes(), path=f"{path}.overrides")
    return faults


def _token(edit: Edit) -> str:
    """Name a change, so that only the one that was shown is confirmed."""
    text = json.dumps([edit.definition, [{**each, "id": ""} for each in edit.overrides or []]], sort_keys=True)
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _saved(request: HttpRequest, flag: Flag | None, entered: Entered, edit: Edit) -> bool:
    given: dict[str, Any] = {"key": entered.key, "by": author(request), "now": timezone.now()}
    try:
        if flag is None:
            create_flag(**given, edit=edit, reason=entered.reason)
        else:
            update_flag(
                **given, edit=edit, reason=entered.reason, base_version=entered.base_version, confirmed=True
            )  # fmt: skip
    except FlagConflict as conflict:
        entered.refuse("errors", _("%(what)s Look at “Changes”; saving again puts yours over it.") % {"what": conflict})
        entered.base_version = Flag.objects.values_list("version", flat=True).get(pk=entered.key)
        return False
    except FlagRefused as refused:
        for fault in refused.faults:
            entered.refuse(_place(fault, entered), f"{fault.message} ({fault.path})")
        return False
    messages.success(request, _("The flag is saved; every process has it within a second."))
    return True


def _place(fault: Fault, entered: Entered) -> str:
    """Find the part of the form that a fault belongs to."""
    rest = fault.path.removeprefix(f"flags.{entered.key}").lstrip(".")
    if match := OVERRIDE.match(rest):
        return f"override-{match[1]}"
    match = BRANCH.match(rest)
    if match and entered.rows is not None and (row := row_of_branch(entered.rows.rules, int(match[1]))) >= 0:
        return f"rule-{row}"
    name = next((each for each in PLACES if rest.startswith(each)), "")
    if entered.rows is None and name in ("variants", "defaultVariant", "targeting"):
        return "json"
    return {"": "key", "state": "json", "metadata": "json", "targeting": "rules", "defaultVariant": "default"}.get(
        name, name
    )


def _page(
    request: HttpRequest, flag: Flag | None, entered: Entered, *, status: int = 200, changed: str = "",
    asked: list[str] | None = None, token: str = "",
) -> HttpResponse:  # fmt: skip
    now, definition = timezone.now(), entered.definition
    variants = definition.get("variants") if isinstance(definition, dict) else None
    context: dict[str, Any] = {
        "title": flag.key if flag else _("Add a flag"),
        "view": "edit",
        "entered": entered,
        "variants": list(variants) if isinstance(variants, dict) else [],
        "changed": changed,
        "asked": asked or [],
        "token": token,
        "kinds": Kind.choices,
        "attributes": sorted(form.readable()),
        "operators": [(name, _operator(name)) for name in OPERATORS],
        "AND": AND,
        "SHARE": SHARE,
        "regions": regions(),
        "colours": colours(),
        "state": state_of(flag, now=now) if flag else None,
        "line": line(flag, now=now) if flag else None,
        "is_killed_here": killed_here(flag) if flag else False,
        "can_edit": may(request, "change" if flag else "add") and not (flag and flag.archived_at),
    }
    return show(request, "edit", context, flag=flag, status=status)


def _operator(name: str) -> str:
    return {
        "is": _("is"), "is_not": _("is not"), "lt": _("is below"), "le": _("is at most"), "gt": _("is above"),
        "ge": _("is at least"), "one_of": _("is one of"), "has": _("contains"), "starts": _("starts with"),
        "ends": _("ends with"), "version": _("is a version"),
    }[name]  # fmt: skip
