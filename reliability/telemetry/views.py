"""The page that a monitoring system reads."""

from ipaddress import ip_address

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reliability.telemetry.metrics import render

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")
"""Headers that a proxy adds: what carries one comes from outside, whatever the address of the proxy is."""


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer callers of the own network only: numbers tell outsiders how busy a site is, and where it hurts."""
    if not is_from_inside(request):
        raise Http404
    return render(request)


def is_from_inside(request: HttpRequest) -> bool:
    """Tell whether a request came straight from a loopback or private address."""
    if any(header in request.headers for header in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or address.is_private
