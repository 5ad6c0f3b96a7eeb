"""The page "Error budget": what is promised, how much may still go wrong, and where it went wrong."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reliability.slo.picture import cards
from reliability.slo.queries import Standing, standing
from reliability.slo.vocabulary import catalogue

INCIDENTS_SHOWN = 10
Panel = Mapping[str, Any]
"""What a callable of SLO_PAGE_PANELS gives: `title`, `template`, `context`, and `stylesheet` if it needs one."""


@never_cache
@require_safe
def budgets(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Show the page to somebody of the staff; `context` is what every page of the admin needs."""
    known = standing()
    objectives = catalogue().objectives
    shown = {
        **context,
        "title": _("Error budget"),
        "standing": known,
        "cards": cards(objectives, known.objectives),
        "incidents": _incidents(known, {each.name: each.title for each in objectives}),
        "panels": _panels(request),
    }
    return render(request, "slo/budgets.html", shown)


def _incidents(known: Standing, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    newest = known.incidents[:INCIDENTS_SHOWN]
    return [{"incident": each, "title": titles.get(each.objective, each.objective)} for each in newest]


def _panels(request: HttpRequest) -> list[Panel]:
    found = (import_string(name)(request) for name in settings.SLO_PAGE_PANELS)
    return [panel for panel in found if panel is not None]
