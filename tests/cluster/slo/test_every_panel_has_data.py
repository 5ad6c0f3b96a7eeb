"""Every query of every dashboard answers with data, over the real site under load."""

import math
import time
from typing import Any

import pytest

from reliability.slo import dashboards, vocabulary
from tests.cluster.slo.conftest import Region
from tests.cluster.slo.load import load, refuse_a_write

FILLED_IN = {"$__rate_interval": "10s", "$region": ".*"}
LIMIT_SECONDS = 90


def queries() -> dict[str, str]:
    """Give every query of every panel, by dashboard and title."""
    return {
        f"{dashboard['title']}: {panel['title']} ({target['refId']})": filled_in(target["expr"])
        for dashboard in dashboards.all_of(vocabulary.catalogue())
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
    }


def filled_in(expression: str) -> str:
    for name, value in FILLED_IN.items():
        expression = expression.replace(name, value)
    return expression


def has_data(series: list[dict[str, Any]]) -> bool:
    """Tell whether any value is a number: a panel of nothing but NaN is as empty as one without lines."""
    return any(not math.isnan(float(value)) for each in series for _, value in each["values"])


def test_every_panel_has_data(region: Region) -> None:
    empty = queries()

    refuse_a_write(region)
    with load(region):
        deadline = time.monotonic() + LIMIT_SECONDS
        while empty and time.monotonic() < deadline:
            empty = {name: query for name, query in empty.items() if not has_data(region.ask(query))}
            time.sleep(1)

    assert not empty, "\n".join([*sorted(empty), region.troubles()])


def test_every_mark_can_be_asked(region: Region) -> None:
    marks = {each["name"]: each["expr"] for each in dashboards.all_of(vocabulary.catalogue())[0]["annotations"]["list"]}

    found = {name: region.ask(query, seconds=300) for name, query in marks.items()}

    assert found["Releases"]
    assert found["Kills"]


@pytest.mark.parametrize("expression", ["slo_error_budget_remaining_ratio", "slo:bad_ratio:rate3d"])
def test_what_rules_record_is_there(region: Region, expression: str) -> None:
    names = {each["metric"]["slo"] for each in region.ask(expression, seconds=300)}

    assert {"public-availability", "public-latency", "manage-availability", "publish-visible"} <= names


def test_an_empty_panel_would_be_seen(region: Region) -> None:
    assert not has_data(region.ask("sum by (nobody) (a_metric_that_is_misspelt)"))
    assert not has_data([{"values": [[0, "NaN"]]}])
