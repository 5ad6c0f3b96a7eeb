"""Files and their renditions."""

from django.http import HttpResponse
from rest_framework.request import Request

from cms.delivery import answers, openapi, queries
from cms.delivery import schemas as shapes
from cms.delivery.problems import Problem
from cms.delivery.sql import instant
from cms.delivery.views.base import PAGE, READING, ContentView
from cms.delivery.views.responses import next_page, small_json


class AssetList(ContentView):
    """Files and their renditions."""

    @openapi.operation("listAssets", "List files", "AssetList", *openapi.READING, *openapi.PAGING, missing=True)
    def get(self, request: Request) -> HttpResponse:
        """List assets, newest first."""
        http = request._request
        shapes.refuse_unknown(http.GET, (*READING, *PAGE))
        reading = shapes.read_reading(http, include=False)
        after, limit = shapes.read_after(http, ("time", "ref")), shapes.read_limit(http.GET)
        found = queries.assets(reading.site, after=after, limit=limit + 1)
        rows = [row for row, _ in found[:limit]]
        last = found[limit - 1] if len(found) > limit else None
        next_url = next_page(http, [instant(last[1]).isoformat(), last[0].id]) if last else None
        body = {"items": [answers.asset(row, reading.chain) for row in rows], "links": {"next": next_url}}
        return small_json(http, answers.dump(body), [(row.id, row.version) for row in rows])


class AssetDetail(ContentView):
    """One file."""

    @openapi.operation("readAsset", "Show a file", "Asset", *openapi.READING, missing=True)
    def get(self, request: Request, asset_id: str) -> HttpResponse:
        """Show an asset with its renditions."""
        http = request._request
        shapes.refuse_unknown(http.GET, READING)
        reading = shapes.read_reading(http, include=False)
        row = queries.asset(shapes.read_id(asset_id), reading.site)
        if row is None:
            raise Problem("not-found", "There is no asset with this id.")
        return small_json(http, answers.dump(answers.asset(row, reading.chain)), [(row.id, row.version)])
