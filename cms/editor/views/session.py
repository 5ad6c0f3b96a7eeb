"""A form whose token is of an earlier session: it is shown again with its values, instead of being thrown away."""

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views import csrf

from cms.editor.views.access import kept_form

FORMS = ("cms_content_document_change", "cms_content_document_add")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep the form of a document; nothing is done with it until the person sends it again from our own page."""
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        name = None
    if name in FORMS:
        return kept_form(request)
    return csrf.csrf_failure(request, reason)
