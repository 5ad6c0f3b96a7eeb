"""What every view of the content API has in common: no cookie, no session, one form of answer."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from cms.delivery.problems import handle
from cms.delivery.views.responses import opened

READING = ("site", "locale", "fallback")
CONTENT = (*READING, "include")
PAGE = ("limit", "cursor")
"""Names of parameters that several addresses know."""


class ContentView(APIView):
    """A read of published content: no cookie, no session, the same answer for everybody.

    Nothing of it ends in a circle: what the collector of garbage must find costs a reader more than what it frees.
    """

    parser_classes = ()
    http_method_names = ["get", "head", "options"]
    get: Any

    def head(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Answer without a body, which the server leaves out. Without this, Django would tie the view to itself."""
        return self.get(request, *args, **kwargs)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer, and part request and view, which hold each other."""
        response = super().dispatch(request, *args, **kwargs)
        self.request.parser_context.clear()
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing is negotiated and nobody signs in: there is one form of answer, whatever a client accepts."""

    def get_exception_handler(self) -> Any:
        return handle

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a browser that asks whether it may (CORS preflight)."""
        response = HttpResponse(status=204)
        response["Allow"] = ", ".join(self.allowed_methods)
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "If-None-Match, X-Consistency-Token"
        response["Access-Control-Max-Age"] = "86400"
        return opened(response)
