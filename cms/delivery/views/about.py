"""What the API is: its addresses, its types, its description, and what is not there."""

import json
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

from cms.delivery import answers, openapi, types
from cms.delivery import schemas as shapes
from cms.delivery.problems import Problem
from cms.delivery.views.base import ContentView
from cms.delivery.views.responses import small_json


class Index(ContentView):
    """Where everything is."""

    @openapi.operation("readIndex", "List the addresses of the API", "Index")
    def get(self, request: Request) -> HttpResponse:
        """List the addresses of the API."""
        shapes.refuse_unknown(request.GET, ())
        names = ("documents", "pages", "search", "assets", "types", "docs")
        body = {name: f"/api/v1/{name}/" for name in names} | {"openapi": "/api/v1/openapi.json"}
        return small_json(request, answers.dump(body), [("index", 1)])


class TypeList(ContentView):
    """What documents consist of."""

    @openapi.operation("listTypes", "List types with their JSON Schema", "TypeList")
    def get(self, request: Request) -> HttpResponse:
        """List the types of documents and blocks, with a JSON Schema of the fields of each."""
        shapes.refuse_unknown(request.GET, ())
        items = [
            {**each.definition, "version": each.version, "schema": each.schema} for each in types.current().values()
        ]
        versions = [(each.key, each.version) for each in types.current().values()]
        return small_json(request._request, answers.dump({"items": items}), versions)


class OpenApi(ContentView):
    """The description of this API."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        """Give the OpenAPI 3.1 document, made once in a process."""
        shapes.refuse_unknown(request.GET, ())
        return small_json(request, openapi_document(), [])


class Docs(ContentView):
    """The description of this API, to read."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        """Show the page. Redoc writes its styles into the page, so this one page allows that."""
        shapes.refuse_unknown(request.GET, ())
        response = render(request._request, "delivery/docs.html")
        response._csp_update = {  # type: ignore[attr-defined]  # how django-csp's own decorators tell its middleware
            "style-src": ["'unsafe-inline'"],
            "worker-src": ["blob:"],
            "connect-src": ["'self'"],
        }
        return response


class Nothing(ContentView):
    """Every other address below the API."""

    schema = None

    def get(self, request: Request, path: str) -> HttpResponse:
        """Say that there is nothing."""
        raise Problem("not-found", f"There is nothing at {request.path}; /api/v1/ lists what there is.")


@cache
def openapi_document() -> str:
    """Write the OpenAPI document; it depends on nothing but the code."""
    generator: Any = SchemaGenerator
    return json.dumps(generator().get_schema(request=None, public=True), ensure_ascii=False, indent=2, sort_keys=True)
