"""Where are flags used? What the code declares, beside what is stored."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from reliability.flags.admin.access import screen, show
from reliability.flags.admin.listing import killed_here
from reliability.flags.api import DECLARED, Declared
from reliability.flags.glance import Matrix
from reliability.flags.models import Flag
from reliability.flags.state import state_of


class Use(NamedTuple):
    """A flag that the code asks for; `flag` is None where none is stored, and the code's default holds."""

    declared: Declared[object]
    flag: Flag | None
    state: Matrix | None
    is_killed_here: bool


@screen("view")
def uses(request: HttpRequest) -> HttpResponse:
    """List every flag that the code declares."""
    stored, now = Flag.objects.in_bulk(list(DECLARED)), timezone.now()
    found = []
    for key, declared in sorted(DECLARED.items()):
        flag = stored.get(key)
        state = state_of(flag, now=now) if flag else None
        found.append(Use(declared, flag, state, killed_here(flag) if flag else False))
    return show(request, "uses", {"title": _("Where flags are used"), "uses": found})
