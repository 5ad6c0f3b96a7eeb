"""Dashboards are what Grafana can import, and say what they show."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reliability.slo import dashboards
from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row, TooWide, build
from tests.unit.slo.samples import catalogue

ALL = dashboards.all_of(catalogue())


PLACE = {
    "type": "object",
    "required": ["x", "y", "w", "h"],
    "properties": {
        "x": {"type": "integer", "minimum": 0, "maximum": 23},
        "y": {"type": "integer", "minimum": 0},
        "w": {"type": "integer", "minimum": 1, "maximum": 24},
        "h": {"type": "integer", "minimum": 1},
    },
}
SOURCE = {
    "type": "object",
    "required": ["type", "uid"],
    "properties": {"type": {"const": "prometheus"}, "uid": {"const": "${datasource}"}},
}
TARGET = {
    "type": "object",
    "required": ["refId", "datasource", "expr", "legendFormat"],
    "properties": {"refId": {"pattern": "^[A-Z]$"}, "datasource": SOURCE, "expr": {"type": "string", "minLength": 1}},
}
PANEL = {
    "type": "object",
    "required": ["id", "type", "title", "gridPos"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
        "type": {"enum": ["row", "timeseries", "stat"]},
        "title": {"type": "string", "minLength": 1},
        "gridPos": PLACE,
        "targets": {"type": "array", "minItems": 1, "items": TARGET},
    },
    "if": {"properties": {"type": {"not": {"const": "row"}}}},
    "then": {"required": ["description", "datasource", "fieldConfig", "options", "targets"]},
}
DASHBOARD = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "time", "annotations", "templating", "panels"],
    "properties": {
        "uid": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,40}$"},
        "schemaVersion": {"type": "integer", "minimum": 36, "maximum": 41},
        "panels": {"type": "array", "minItems": 2, "items": PANEL},
    },
}
"""What Grafana's documentation of the dashboard model asks for, as far as we use it."""


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in dashboard["panels"] if each["type"] != "row"]


def one(*found: Panel) -> Dashboard:
    return Dashboard("cms-x", "X", "", (Row("Row", found),))


def test_there_is_one_for_each_concern() -> None:
    titles = [each["title"] for each in ALL]

    assert titles == [
        "Service overview", "Regions and replication", "Database", "Celery and outbox", "Flags", "Error budget"
    ]  # fmt: skip
    assert len({each["uid"] for each in ALL}) == len(ALL)


@pytest.mark.parametrize("dashboard", ALL, ids=lambda each: each["uid"])
class TestEveryDashboard:
    def test_grafana_can_import_it(self, dashboard: dict[str, Any]) -> None:
        assert [each.message for each in Draft202012Validator(DASHBOARD).iter_errors(dashboard)] == []

    def test_its_ids_and_titles_are_its_own(self, dashboard: dict[str, Any]) -> None:
        ids, titles = [each["id"] for each in dashboard["panels"]], [each["title"] for each in panels(dashboard)]

        assert len(set(ids)) == len(ids)
        assert len(set(titles)) == len(titles)

    def test_every_panel_says_what_it_shows_and_in_which_unit(self, dashboard: dict[str, Any]) -> None:
        for panel in panels(dashboard):
            assert panel["description"].endswith("."), panel["title"]
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert all(target["legendFormat"] for target in panel["targets"]), panel["title"]

    def test_its_source_of_data_is_chosen_by_who_looks(self, dashboard: dict[str, Any]) -> None:
        sources = re.findall(r'"datasource": \{[^}]*"uid": "([^"]*)"', json.dumps(dashboard))

        assert set(sources) == {"${datasource}"}
        assert [each["name"] for each in dashboard["templating"]["list"]] == ["datasource", "region"]

    def test_no_panel_covers_another(self, dashboard: dict[str, Any]) -> None:
        for one, other in combinations((each["gridPos"] for each in dashboard["panels"]), 2):
            is_beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
            is_below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
            assert is_beside or is_below, (one, other)

    def test_events_are_marked_on_every_picture(self, dashboard: dict[str, Any]) -> None:
        names = [each["name"] for each in dashboard["annotations"]["list"]]

        assert names == ["Releases", "Promotions", "Kills", "Pages"]


def test_a_panel_keeps_its_id_when_others_come_before_it() -> None:
    first, second = (Panel(name, "It is.", "short", (Query("up", "x"),)) for name in ("A", "B"))

    [_, alone], [_, _, moved] = (build(one(*found), service="cms")["panels"] for found in ([second], [first, second]))

    assert moved["id"] == alone["id"]
    assert moved["gridPos"]["x"] == 8


def test_a_panel_that_does_not_fit_begins_a_new_line() -> None:
    wide = [Panel(name, "It is.", "short", (Query("up", "x"),), width=16) for name in ("A", "B")]

    places = [each["gridPos"] for each in build(one(*wide), service="cms")["panels"]]

    assert [(place["x"], place["y"]) for place in places] == [(0, 0), (0, 1), (0, 9)]


def test_a_panel_wider_than_the_page_is_refused() -> None:
    with pytest.raises(TooWide, match="A is 25 columns wide; make it at most 24"):
        build(one(Panel("A", "It is.", "short", (Query("up", "x"),), width=25)), service="cms")
