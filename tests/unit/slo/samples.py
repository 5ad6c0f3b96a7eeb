"""Objectives to try things with."""

from pathlib import Path
from typing import Any

import yaml

from reliability.slo.objectives import Catalogue, Histogram, Vocabulary
from reliability.slo.parsing import parse

REQUESTS = "http_server_request_duration_seconds"
LABELS = ("http_request_method", "http_route", "http_response_status_code", "slo_class")
VOCABULARY = Vocabulary(
    requests=REQUESTS,
    classes=("public", "manage"),
    histograms={
        REQUESTS: Histogram(LABELS, (0.1, 0.25, 0.5, 1.0)),
        "cms_publish_visible_seconds": Histogram((), (1.0, 5.0, 10.0)),
    },
)
FILE = Path(__file__).parents[3] / "cms" / "config" / "slo.yaml"


def content(**changes: Any) -> dict[str, Any]:
    """Give the content of a small file with one objective, whose fields may be changed; None takes one out."""
    objective: dict[str, Any] = {
        "name": "public-availability",
        "title": "Readers get an answer",
        "objective": 99.9,
        "sli": {"class": "public", "bad": 'http_response_status_code=~"5.."'},
        "owner": "web",
        **changes,
    }
    return {
        "service": "cms",
        "runbooks": "https://runbooks.example.org/cms/",
        "channels": {
            "pagerduty_key_file": "/run/key",
            "tickets_url": "http://tickets.example.org/",
            "watchdog_url": "http://watchdog.example.org/",
        },
        "slos": [{name: value for name, value in objective.items() if value is not None}],
    }


def catalogue() -> Catalogue:
    """Give the objectives of the product."""
    return parse(yaml.safe_load(FILE.read_text()), VOCABULARY)
