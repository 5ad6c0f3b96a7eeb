"""What does every answer pass through that belongs to no capability? The content security policy."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Writes the policy, but does not build one for data, which carries none: it would cost a tenth of the answer."""

    def process_request(self, request: HttpRequest) -> None:
        """Offer no nonce: no page has scripts of its own, and it would tie each request into a circle."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(response, "_csp_exempt", False):
            return response
        return super().process_response(request, response)
