"""One red button: type the key, say why, and the feature is off."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from reliability.flags.actions import FlagRefused, kill_flag
from reliability.flags.admin.access import author, go, screen, show
from reliability.flags.admin.listing import killed_here
from reliability.flags.configuration import colours, regions
from reliability.flags.models import Flag
from reliability.flags.state import state_of


@dataclass
class Entered:
    """What stands in the form."""

    key: str = ""
    reason: str = ""
    regions: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    until: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, message: str) -> None:
        self.problems.setdefault(name, []).append(message)


@screen("kill")
def kill(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form, kill the flag, and show what that does in each region."""
    flag = Flag.objects.get(pk=key)
    if request.method != "POST":
        return _page(request, flag, Entered())
    entered = Entered(
        request.POST.get("key", "").strip(), request.POST.get("reason", "").strip(),
        request.POST.getlist("region"), request.POST.getlist("colour"), request.POST.get("until", "").strip(),
    )  # fmt: skip
    until = _until(entered)
    if entered.key != flag.key:
        entered.refuse("key", _("Type the key exactly: %(key)s") % {"key": flag.key})
    if entered.problems:
        return _page(request, flag, entered, status=422)
    return _killed(request, flag, entered, until)


def _killed(request: HttpRequest, flag: Flag, entered: Entered, until: datetime | None) -> HttpResponse:
    when = {"region": entered.regions, "colour": entered.colours}
    try:
        with transaction.atomic():
            kill_flag(
                key=flag.key, reason=entered.reason, by=author(request), now=timezone.now(), until=until,
                when={axis: values for axis, values in when.items() if values},
            )  # fmt: skip
    except FlagRefused as refused:
        for fault in refused.faults:
            entered.refuse(fault.path.partition(".")[2] or fault.path, fault.message)
        return _page(request, flag, entered, status=422)
    except (DatabaseError, InterfaceError):
        # The one place where the way out must be on the screen: whoever reads it has no database to kill with.
        return _page(request, flag, entered, status=503, is_down=True)
    messages.success(request, _("“%(key)s” is killed. It is off within a second.") % {"key": flag.key})
    return go("kill", flag.key)


def _until(entered: Entered) -> datetime | None:
    """Read a date and time of this page's time zone; empty is for good."""
    if not entered.until:
        return None
    try:
        moment = parse_datetime(entered.until)
    except ValueError:
        moment = None
    if moment is None:
        entered.refuse("until", _("Enter a date and a time, such as 2026-12-31T12:00."))
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _page(
    request: HttpRequest, flag: Flag, entered: Entered, *, status: int = 200, is_down: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Kill %(key)s") % {"key": flag.key},
        "view": "kill",
        "entered": entered,
        "regions": regions(),
        "colours": colours(),
        "state": state_of(flag, now=timezone.now()),
        "is_killed_here": killed_here(flag),
        "is_down": is_down,
        "killed_until": parse_datetime((flag.kill or {}).get("until") or ""),
        "zone": timezone.get_current_timezone_name(),
    }
    return show(request, "kill", context, flag=flag, status=status)
