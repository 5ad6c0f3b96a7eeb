"""Which dashboards are there? Pure; each is written to a file of its own."""

from typing import Any

from reliability.slo.dashboards import background, budget, database, flags, overview, regions
from reliability.slo.dashboards.builder import build
from reliability.slo.objectives import Catalogue

PAGES = (overview, regions, database, background, flags, budget)


def all_of(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Give every dashboard, as Grafana imports it."""
    return [build(page.dashboard(catalogue.service), service=catalogue.service) for page in PAGES]
