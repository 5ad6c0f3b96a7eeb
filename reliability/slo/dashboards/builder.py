"""How does a dashboard become Grafana's JSON? Pure. Rows of panels in, with places, ids and variables worked out.

Ids come from titles, so that moving a panel changes nothing but its place.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

COLUMNS: Final = 24
SCHEMA: Final = 39
"""Version of Grafana's format (Grafana 10.4 and later read it)."""
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
Kind = Literal["timeseries", "stat"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One expression, and how its lines are named."""

    expression: str
    legend: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A question, answered by a picture; `width` of 24 columns, `unit` in Grafana's words (s, percentunit, reqps)."""

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    kind: Kind = "timeseries"
    width: int = 8
    height: int = 8


@dataclass(frozen=True, slots=True)
class Row:
    """Panels that belong together, under a heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All of a page; `uid` is part of its address and stays."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]


class TooWide(ValueError):
    """A panel is wider than a dashboard; make its width at most 24."""


def build(dashboard: Dashboard, *, service: str) -> Json:
    """Write a dashboard as Grafana imports it. Raises TooWide."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": [service],
        "schemaVersion": SCHEMA,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": [_annotation(*each) for each in _events(service)]},
        "templating": {"list": _variables(service)},
        "panels": list(_placed(dashboard)),
    }


def panel_id(uid: str, title: str) -> int:
    """Give a panel the number that it keeps as long as it keeps its title."""
    return zlib.crc32(f"{uid}/{title}".encode()) & 0x7FFFFFFF


def _placed(dashboard: Dashboard) -> Iterator[Json]:
    """Fill each row from the left; a panel that does not fit begins a new line."""
    top = 0
    for row in dashboard.rows:
        yield _heading(dashboard.uid, row.title, top)
        top += 1
        for line in _lines(row.panels):
            left = 0
            for panel in line:
                yield _panel(dashboard.uid, panel, left, top)
                left += panel.width
            top += max(panel.height for panel in line)


def _lines(panels: Sequence[Panel]) -> list[list[Panel]]:
    lines: list[list[Panel]] = [[]]
    for panel in panels:
        if panel.width > COLUMNS:
            raise TooWide(f"{panel.title} is {panel.width} columns wide; make it at most {COLUMNS}.")
        if sum(each.width for each in lines[-1]) + panel.width > COLUMNS:
            lines.append([])
        lines[-1].append(panel)
    return lines


def _heading(uid: str, title: str, top: int) -> Json:
    place = {"x": 0, "y": top, "w": COLUMNS, "h": 1}
    return {"id": panel_id(uid, f"row {title}"), "type": "row", "title": title, "gridPos": place, "panels": []}


def _panel(uid: str, panel: Panel, left: int, top: int) -> Json:
    return {
        "id": panel_id(uid, panel.title),
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": SOURCE,
        "gridPos": {"x": left, "y": top, "w": panel.width, "h": panel.height},
        "fieldConfig": {"defaults": {"unit": panel.unit, "custom": _look(panel)}, "overrides": []},
        "options": _options(panel),
        "targets": [_target(query, number) for number, query in enumerate(panel.queries)],
    }


def _look(panel: Panel) -> Json:
    return {"fillOpacity": 8, "showPoints": "never", "spanNulls": False} if panel.kind == "timeseries" else {}


def _options(panel: Panel) -> Json:
    if panel.kind == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "value_and_name"}
    return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}


def _target(query: Query, number: int) -> Json:
    letter = chr(ord("A") + number)
    return {"refId": letter, "datasource": SOURCE, "expr": query.expression, "legendFormat": query.legend}


def _variables(service: str) -> list[Json]:
    """Let people choose the source of data and the regions; a service without regions is in the one with no name."""
    source = {"name": "datasource", "label": "Data", "type": "datasource", "query": "prometheus"}
    region = {
        "name": "region",
        "label": "Region",
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": f'label_values(up{{job="{service}"}}, region)', "refId": "region"},
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    }
    return [source, region]


def _events(service: str) -> list[tuple[str, str, str, str]]:
    """List what is marked on every picture: (name, expression, text, color)."""
    releases = f'count by (release) (up{{job="{service}"}}) unless count by (release) (up{{job="{service}"}} offset 5m)'
    return [
        ("Releases", releases, "Release {{release}}", "blue"),
        ("Promotions", "increase(routing_epoch_changes_total[2m]) > 0", "A new primary database", "purple"),
        ("Kills", "delta(flags_kills_active[2m]) > 0", "A flag was killed ({{source}})", "orange"),
        ("Pages", 'ALERTS{alertstate="firing",severity="page"}', "{{alertname}} {{region}}", "red"),
    ]


def _annotation(name: str, expression: str, text: str, color: str) -> Json:
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": True,
        "expr": expression,
        "titleFormat": text,
        "iconColor": color,
    }
