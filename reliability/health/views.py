"""The same answers for servers that do not run our WSGI chain, such as Django's own."""

from django.http import HttpRequest, HttpResponse

from reliability.health import process
from reliability.health.answers import answer


def health(request: HttpRequest) -> HttpResponse:
    """Answer a health path."""
    found = answer(
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        process.ensure_started().picture(),
        method=request.method or "GET",
        authorization=request.headers.get("Authorization", ""),
    )
    response = HttpResponse(found.body, status=found.status)
    for name, value in found.headers:
        response.headers[name] = value
    return response
