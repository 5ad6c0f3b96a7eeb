"""The page "Regions and databases": what this process sees of the nodes, and what changed lately."""

import time
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reliability.routing import current, queries
from reliability.routing.decision import REPLICA
from reliability.routing.picture import Picture, picture

PAGE_SIZE = 20


@never_cache
@require_safe
def regions(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Show the page to somebody of the staff; `context` is what every page of the admin needs."""
    known = known_picture()
    shown = {
        **context,
        "title": _("Regions and databases"),
        "picture": known,
        "example": _example(known),
        "now": timezone.now(),
        "epochs": _page(request, "epochs", queries.epochs()),
        "orders": _page(request, "orders", queries.orders()),
        "losses": _page(request, "losses", queries.lost_writes()),
    }
    return render(request, "routing/regions.html", shown)


def known_picture() -> Picture | None:
    """Draw what the prober of this process knows; None: there is one embedded database, and nothing to route."""
    if REPLICA not in settings.DATABASES:
        return None
    snapshot = current.snapshot()
    limits = current.limits_in_force(snapshot)
    return picture(snapshot, here=current.options().region, limits=limits, now=time.monotonic())


def _example(known: Picture | None) -> str:
    """Name a node for the commands to type: a standby, for nobody should drain the primary by copying a line."""
    nodes = [node for region in known.regions for node in region.nodes] if known else []
    return next((node.name for node in nodes if node.role != "primary"), nodes[0].name if nodes else "NODE")


def _page(request: HttpRequest, name: str, rows: QuerySet[Any]) -> Page[Any]:
    """Give one page of a table; each table turns its pages for itself, and any number leads to one that is there."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get(name))
