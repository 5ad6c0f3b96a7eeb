"""What was changed, by whom and why; and the way back."""

import json
from collections.abc import Callable, Mapping
from difflib import unified_diff
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reliability.flags import queries
from reliability.flags.actions import FlagRefused, archive_flag, restore_flag, revert_flag, unkill_flag
from reliability.flags.admin.access import author, go, may, screen, show
from reliability.flags.models import Flag, FlagChange, as_json

PAGE = 25


class Turn(NamedTuple):
    """Something that is done after one question: the action, the right it needs, and the words for it."""

    action: Callable[..., Flag]
    permission: str
    title: Any
    question: Any
    done: Any


TURNS: Mapping[str, Turn] = {
    "unkill": Turn(
        unkill_flag, "change", gettext_lazy("Un-kill"),
        gettext_lazy("The rules of the flag decide again. A kill in a file on a host stays until it is lifted there."),
        gettext_lazy("The rules decide again."),
    ),
    "archive": Turn(
        archive_flag, "delete", gettext_lazy("Archive"),
        gettext_lazy("The flag goes out of use: code that still asks for it gets its own default."),
        gettext_lazy("The flag is archived."),
    ),
    "restore": Turn(
        restore_flag, "delete", gettext_lazy("Restore"),
        gettext_lazy("The flag is used again, with the rules that it had."),
        gettext_lazy("The flag is in use again."),
    ),
}  # fmt: skip


class Difference(NamedTuple):
    """One line of what changed: `added`, `removed` or `same`."""

    kind: str
    text: str


class Line(NamedTuple):
    """One change, with what is different."""

    change: FlagChange
    deed: str
    differences: list[Difference]


@screen("view")
def changes(request: HttpRequest) -> HttpResponse:
    """List the changes of all flags, newest first."""
    return _list(request, FlagChange.objects.order_by("-id"), _("All changes"))


@screen("view")
def history(request: HttpRequest, key: str) -> HttpResponse:
    """List the changes of one flag, newest first."""
    flag = Flag.objects.get(pk=key)
    return _list(request, queries.changes_of(key), _("Changes of %(key)s") % {"key": key}, flag=flag)


@screen("change")
def revert(request: HttpRequest, change_id: int) -> HttpResponse:
    """Ask, then make a flag what it was before a change."""
    change = FlagChange.objects.filter(pk=change_id).first()
    if change is None:
        raise Http404
    flag = Flag.objects.get(pk=change.flag_key)
    problem = ""
    if request.method == "POST":
        try:
            revert_flag(
                change_id=change_id, by=author(request), now=timezone.now(), reason=request.POST.get("reason", "")
            )
        except FlagRefused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The flag is what it was before."))
            return go("history", flag.key)
    now_it_is = _document(as_json(flag))
    context = {
        "title": _("Revert"),
        "question": _("The flag becomes what it was before this change. A kill since then stays."),
        "differences": differences(now_it_is, _document(change.before or {})),
        "problem": problem,
    }
    return show(request, "confirm", context, flag=flag, status=422 if problem else 200)


@screen("view")
def turn(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """Ask, then un-kill, archive or restore a flag."""
    found = TURNS.get(verb)
    if found is None:
        raise Http404
    flag = Flag.objects.get(pk=key)
    if not may(request, found.permission):
        raise PermissionDenied
    if request.method == "POST":
        found.action(key=key, by=author(request), now=timezone.now(), reason=request.POST.get("reason", ""))
        messages.success(request, found.done)
        return go("change", key)
    return show(request, "confirm", {"title": found.title, "question": found.question}, flag=flag)


def differences(before: str, after: str) -> list[Difference]:
    """Compare two texts line by line, with three lines around each change."""
    kinds = {"+": "added", "-": "removed", " ": "same"}
    lines = unified_diff(before.splitlines(), after.splitlines(), n=3, lineterm="")
    return [
        Difference(kinds[each[0]], each[1:]) for each in lines if each[:3] not in ("---", "+++") and each[0] in kinds
    ]


def _list(request: HttpRequest, found: Any, title: str, *, flag: Flag | None = None) -> HttpResponse:
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [Line(each, _deed(each), _differences(each)) for each in page]
    return show(request, "history", {"title": title, "view": "history", "lines": lines, "page": page}, flag=flag)


def _differences(change: FlagChange) -> list[Difference]:
    return differences(_document(change.before or {}), _document(change.after or {}))


def _deed(change: FlagChange) -> str:
    """Name what was done; what has no word here, as the record does."""
    words = {
        "create": _("created"), "update": _("changed"), "archive": _("archived"), "restore": _("restored"),
        "kill": _("killed"), "unkill": _("kill lifted"), "revert": _("reverted"),
    }  # fmt: skip
    return words.get(change.action, change.action)


def _document(state: Mapping[str, Any]) -> str:
    """Write a flag as it was, its definition spread out, so that a small change is a short difference."""
    shown = dict(state)
    if isinstance(shown.get("definition"), str):
        shown["definition"] = json.loads(shown["definition"])
    return json.dumps(shown, indent=1, ensure_ascii=False) if shown else ""
