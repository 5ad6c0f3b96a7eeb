"""The page that a monitoring system reads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reliability.telemetry.metrics import render
from reliability.telemetry.peers import is_from_inside


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer callers of the own network only: numbers tell outsiders how busy a site is, and where it hurts."""
    if not is_from_inside(request.META):
        raise Http404
    return render()
