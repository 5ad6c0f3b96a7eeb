"""What is an alert? One rule of the same name as its runbook and its test. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reliability.slo.windows import Scale

SUMMARY_MAX = 1024
"""Characters that PagerDuty accepts as a summary."""


class Severity(StrEnum):
    """Who hears of it: `page` calls somebody at once, `ticket` waits for the morning, `none` proves the channel."""

    PAGE = "page"
    TICKET = "ticket"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that tells a person to act."""

    name: str
    expression: str
    severity: Severity
    summary: str
    description: str
    lasting_seconds: int = 0
    """How long it must hold before it fires."""
    labels: dict[str, str] = field(default_factory=dict)

    def as_rule(self, *, scale: Scale, runbooks: str) -> dict[str, Any]:
        """Give the rule as Prometheus reads it."""
        lasting = {"for": scale(self.lasting_seconds)} if self.lasting_seconds else {}
        return {
            "alert": self.name,
            "expr": self.expression,
            **lasting,
            "labels": {"severity": self.severity.value, **self.labels},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": f"{runbooks}/{self.name}.md",
            },
        }
