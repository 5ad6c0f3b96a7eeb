"""Bad input gets a problem that names the parameter and the fix."""

import pytest
from django.test import Client

from tests.factories.site import World


@pytest.mark.parametrize(
    ("url", "status", "name", "field"),
    [
        ("/api/v1/documents/?nonsense=1", 400, "invalid-parameter", "nonsense"),
        ("/api/v1/documents/?limit=0", 400, "invalid-parameter", "limit"),
        ("/api/v1/documents/?limit=101", 400, "invalid-parameter", "limit"),
        ("/api/v1/documents/?limit=٣", 400, "invalid-parameter", "limit"),
        ("/api/v1/documents/?limit=1&limit=2", 400, "invalid-parameter", "limit"),
        ("/api/v1/documents/?cursor=nonsense", 400, "invalid-parameter", "cursor"),
        ("/api/v1/documents/?cursor=eyJxIjoieCIsImsiOltdfQ", 400, "cursor-mismatch", "cursor"),
        ("/api/v1/documents/?locale=xx", 400, "invalid-parameter", "locale"),
        ("/api/v1/documents/?fallback=maybe", 400, "invalid-parameter", "fallback"),
        ("/api/v1/documents/?site=elsewhere", 400, "invalid-parameter", "site"),
        ("/api/v1/documents/?type=ghost", 400, "invalid-parameter", "type"),
        ("/api/v1/documents/?fields=ghost", 400, "unknown-field", "fields"),
        ("/api/v1/documents/?fields[article]=ghost", 400, "unknown-field", "fields[article]"),
        ("/api/v1/documents/?include=author.x.y.z", 400, "invalid-parameter", "include"),
        ("/api/v1/documents/?include=ghost", 400, "unknown-field", "include"),
        ("/api/v1/documents/?order=ghost", 400, "filter-not-allowed", "order"),
        ("/api/v1/documents/?filter[day]=2026-10-01", 400, "filter-not-allowed", "filter[day]"),
        ("/api/v1/documents/?type=article&filter[body]=x", 400, "filter-not-allowed", "filter[body]"),
        ("/api/v1/documents/?type=article&filter[day]=soon", 400, "invalid-parameter", "filter[day]"),
        ("/api/v1/documents/?type=article&filter[day][like]=x", 400, "invalid-parameter", "filter[day][like]"),
        ("/api/v1/documents/?filter[id]=7", 400, "invalid-parameter", "filter[id]"),
        ("/api/v1/documents/?filter[path]=a%00b", 400, "invalid-parameter", "filter[path]"),
        ("/api/v1/pages/", 400, "invalid-parameter", "path"),
        ("/api/v1/pages/?path=about", 400, "invalid-parameter", "path"),
        ("/api/v1/pages/?path=/&tree=9", 400, "invalid-parameter", "tree"),
        ("/api/v1/search/", 400, "invalid-parameter", "q"),
        ("/api/v1/pages/?path=/nothing/", 404, "not-found", None),
        ("/api/v1/documents/nonsense/", 404, "not-found", None),
        ("/api/v1/documents/0192f0aa-7c1e-7b4e-8a55-3f1d9f3f6c02/", 404, "not-found", None),
        ("/api/v1/nothing/", 404, "not-found", None),
    ],
)
def test_a_bad_request_is_answered_with_a_problem(
    world: World, api: Client, url: str, status: int, name: str, field: str | None
) -> None:
    answer = api.get(url)

    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, f"/problems/{name}")
    assert [each["field"] for each in problem.get("errors", [])] == ([field] if field else [])
    assert problem["instance"].startswith("/api/v1/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_methods_are_refused_and_the_allowed_ones_named(world: World, api: Client, method: str) -> None:
    answer = getattr(api, method)("/api/v1/documents/", data="{not json", content_type="application/json")

    assert answer.status_code == 405
    assert answer.json()["type"] == "/problems/method-not-allowed"
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_more_than_five_filters_are_refused(world: World, api: Client) -> None:
    filters = "&".join(f"filter[path][{each}]=/" for each in ("eq", "ne", "lt", "lte", "gt", "gte"))

    answer = api.get(f"/api/v1/documents/?{filters}")

    assert answer.status_code == 400
    assert "At most 5" in answer.json()["detail"]
