"""Who hears of an alert, and how often? The configuration of Alertmanager. Pure."""

from typing import Any

from reliability.slo.objectives import Catalogue, Channels
from reliability.slo.windows import HOUR, MINUTE, Scale

GROUP_BY = ["alertname", "slo", "region", "severity"]
"""Coarser groups would change an open incident without a word when another alert joins it."""
Config = dict[str, Any]


def configuration(catalogue: Catalogue, scale: Scale = Scale()) -> Config:  # noqa: B008 - it is a frozen value
    """Give the content of alertmanager.yaml: pages to PagerDuty, tickets and the watchdog by channels of their own."""
    return {
        "global": {"resolve_timeout": scale(5 * MINUTE)},
        "route": _routes(scale),
        "inhibit_rules": _inhibitions(),
        "receivers": [
            {"name": "page", "pagerduty_configs": [_pagerduty(catalogue.channels)]},
            {"name": "ticket", "webhook_configs": [_webhook(catalogue.channels.tickets_url)]},
            {"name": "watchdog", "webhook_configs": [_webhook(catalogue.channels.watchdog_url, resolved=False)]},
        ],
    }


def _routes(scale: Scale) -> Config:
    pages = {"group_wait": scale(10), "group_interval": scale(MINUTE), "repeat_interval": scale(4 * HOUR)}
    beats = {"group_wait": scale(1), "group_interval": scale(MINUTE), "repeat_interval": scale(MINUTE)}
    tickets = {"group_wait": scale(MINUTE), "group_interval": scale(5 * MINUTE), "repeat_interval": scale(24 * HOUR)}
    return {
        "receiver": "ticket",
        "group_by": GROUP_BY,
        **tickets,
        "routes": [
            {"receiver": "watchdog", "matchers": ['alertname="Watchdog"'], **beats},
            {"receiver": "page", "matchers": ['severity="page"'], **pages},
        ],
    }


def _inhibitions() -> list[Config]:
    """Keep quiet about what a page says already: the slow burn of the same objective, the parts of a lost region."""
    return [
        {
            "source_matchers": ['severity="page"', 'slo=~".+"'],
            "target_matchers": ['severity="ticket"', 'slo=~".+"'],
            "equal": ["slo", "region"],
        },
        {
            "source_matchers": ['alertname="RegionDown"'],
            "target_matchers": ['alertname="InstanceDown"'],
            "equal": ["region"],
        },
    ]


def _pagerduty(channels: Channels) -> Config:
    return {
        "url": channels.pagerduty_url,
        "routing_key_file": channels.pagerduty_key_file,
        "send_resolved": True,
        "severity": "critical",
        "description": "{{ .CommonAnnotations.summary }}",
        "class": "{{ .CommonLabels.alertname }}",
        "component": "{{ .CommonLabels.slo }}",
        "group": "{{ .CommonLabels.region }}",
        "links": [{"href": "{{ .CommonAnnotations.runbook_url }}", "text": "Runbook"}],
        "details": {
            "what": "{{ range .Alerts }}{{ .Annotations.description }} {{ end }}",
            "firing": "{{ .Alerts.Firing | len }}",
        },
    }


def _webhook(url: str, *, resolved: bool = True) -> Config:
    return {"url": url, "send_resolved": resolved}
