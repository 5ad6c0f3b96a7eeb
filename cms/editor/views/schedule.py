"""Schedule a document to be published or unpublished, in the person's time zone."""

import zoneinfo
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.content.errors import ContentRefused
from cms.content.models import Document
from cms.editor import localtime
from cms.editor.forms.document import whole
from cms.editor.views.access import Person, attempt, go, load, page, person_of, screen
from cms.editor.views.panel import checks_of
from cms.publishing.actions import cancel_schedule, schedule
from cms.publishing.errors import NotReady
from cms.publishing.queries import pending

ACTIONS = ("publish", "unpublish")


@dataclass
class Entered:
    """What stands in the form of a schedule."""

    action: str = "publish"
    date: str = ""
    time: str = ""
    zone: str = "UTC"
    chosen: str = ""
    options: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@screen
def schedule_screen(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show what is scheduled, and take a new time or cancel one."""
    person = person_of(request)
    document = load(document_id, person, action="publish")
    if request.method != "POST":
        return _page(request, person, document, Entered(zone=str(person.zone)))
    if request.POST.get("cancel") in ACTIONS:
        return _cancel(request, person, document, request.POST["cancel"])
    entered = Entered(
        action=request.POST.get("action", ""),
        date=request.POST.get("date", "").strip(),
        time=request.POST.get("time", "").strip(),
        zone=request.POST.get("zone", "").strip(),
        chosen=request.POST.get("instant", ""),
    )
    run_at = _instant(entered)
    if run_at is not None and _scheduled(request, person, document, entered, run_at):
        return go("change", document.pk)
    return _page(request, person, document, entered, status=422)


def _instant(entered: Entered) -> datetime | None:
    """Read the time that is meant; what is wrong or unclear is put into the form."""
    try:
        zone = ZoneInfo(entered.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        entered.problems.append(_("Time zone: choose one such as Europe/Berlin."))
        return None
    local = localtime.parse_local(f"{entered.date}T{entered.time}")
    if local is None or entered.action not in ACTIONS:
        entered.problems.append(_("Enter a date and a time, such as 2026-01-31 and 09:00."))
        return None
    meant = localtime.meaning(local, zone)
    instant = meant.chosen(entered.chosen)
    if instant is None:
        entered.options = [{"value": localtime.iso(each.instant), "text": each.text} for each in meant.options]
        entered.problems.append(
            _("Clocks are changed then, and this time exists twice. Choose which one you mean.")
            if meant.exists
            else _("Clocks are changed then, and this time does not exist. Choose the one you mean.")
        )
    return instant


def _scheduled(request: HttpRequest, person: Person, document: Document, entered: Entered, run_at: datetime) -> bool:
    version = whole(request.POST.get("version"))
    try:
        schedule(
            document_id=document.pk, action=entered.action, run_at=run_at, by=person.actor, now=person.now,
            time_zone=entered.zone, expected=version,
        )  # fmt: skip
    except NotReady:
        entered.problems.append(_("It cannot be published like this. Mend what is listed under “Checks” first."))
        return False
    except ContentRefused as error:
        entered.problems.append(str(error))
        return False
    messages.success(request, _("Scheduled. It happens on time, whatever is running then."))
    return True


def _cancel(request: HttpRequest, person: Person, document: Document, action: str) -> HttpResponse:
    done = attempt(
        request, lambda: cancel_schedule(document_id=document.pk, action=action, by=person.actor, now=person.now)
    )
    if done:
        messages.success(request, _("The schedule is cancelled."))
    return go("change", document.pk)


def _page(
    request: HttpRequest, person: Person, document: Document, entered: Entered, *, status: int = 200
) -> HttpResponse:
    found = pending(document.pk)
    context: dict[str, Any] = {
        "title": _("Schedule"),
        "document": document,
        "entered": entered,
        "pending": sorted(found.values(), key=lambda each: each.run_at),
        "checks": checks_of(document, person),
        "can_unpublish": document.is_published or "publish" in found,
        "zones": sorted(zoneinfo.available_timezones()),
        "now": person.now,
    }
    return page(request, "editor/schedule.html", context, status=status)
