"""The panels of the dashboard that come with the editor."""

from datetime import timedelta

from django.db.models import F
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cms.content.models import Document
from cms.content.queries import visible_to
from cms.editor.listing import row_of
from cms.editor.queries import documents
from cms.editor.site import DashboardPanel
from cms.editor.views.access import person_of
from cms.publishing.models import Schedule
from cms.publishing.queries import overdue
from reliability.routing.queries import lost_writes_of

PANEL_SIZE = 8
LOST_DAYS = timedelta(days=7)
"""How long a change that may be lost is worth a word."""


def my_recent(request: HttpRequest) -> DashboardPanel | None:
    """What this person worked on last."""
    person = person_of(request)
    rows = visible_to(documents().filter(deleted_at__isnull=True, updated_by=person.user), person.actor, now=person.now)
    found = [row_of(each) for each in rows.order_by("-updated_at", "-id")[:PANEL_SIZE]]
    return DashboardPanel(_("Where I left off"), "editor/panels/documents.html", {
        "rows": found, "empty": _("You have not changed anything yet."), "more": f"author={person.user.email}",
    })  # fmt: skip


def unpublished_changes(request: HttpRequest) -> DashboardPanel | None:
    """What readers do not see yet of published documents."""
    person = person_of(request)
    rows = documents().filter(deleted_at__isnull=True, live_revision__isnull=False)
    rows = visible_to(rows.exclude(live_revision=F("head_revision")), person.actor, now=person.now)
    found = [row_of(each) for each in rows.order_by("-updated_at", "-id")[:PANEL_SIZE]]
    return DashboardPanel(_("Unpublished changes"), "editor/panels/documents.html", {
        "rows": found, "empty": _("Everything that is published is up to date."), "more": "status=changed",
    })  # fmt: skip


def scheduled(request: HttpRequest) -> DashboardPanel | None:
    """What goes out or comes down next; what is late comes first and is marked."""
    person = person_of(request)
    visible = visible_to(Document.objects.in_use(), person.actor, now=person.now)
    rows = Schedule.objects.filter(status="pending", document__in=visible).select_related("document")
    found = list(rows.defer("document__search", "document__search_text").order_by("run_at")[:PANEL_SIZE])
    late = overdue(now=person.now)
    context = {"schedules": found, "late": late, "now": person.now}
    return DashboardPanel(_("Schedule"), "editor/panels/schedules.html", context, is_urgent=bool(late))


def lost_writes(request: HttpRequest) -> DashboardPanel | None:
    """What this person saved, and a failover of the database may have lost; None, as nearly always, when nothing."""
    person = person_of(request)
    found = lost_writes_of(person.user.get_username(), since=person.now - LOST_DAYS, limit=PANEL_SIZE)
    if not found:
        return None
    rows = [(each.written_at, each.path if url_has_allowed_host_and_scheme(each.path, None) else "") for each in found]
    return DashboardPanel(_("Look at these changes again"), "editor/panels/lost_writes.html", {"rows": rows}, True)
