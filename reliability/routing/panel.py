"""The map of regions as a part of other pages, which name it in their settings and know nothing of routing."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from reliability.routing import views


def regions(request: HttpRequest) -> dict[str, Any] | None:
    """Give title, template and context of the map; None: there is one embedded database, and nothing to route."""
    known = views.known_picture()
    if known is None:
        return None
    return {
        "title": _("Regions"),
        "template": "routing/panel.html",
        "stylesheet": "routing/regions.css",
        "context": {"picture": known},
    }
