"""Why can a document not be published? Errors that more than one action raises."""

from collections.abc import Sequence

from cms.content.errors import ContentRefused
from cms.publishing.preflight import Finding


class NotReady(ContentRefused):
    """Pre-flight found something that must be mended first; `findings` lists everything, warnings too."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        blocking = [finding for finding in findings if finding.blocks]
        super().__init__(" ".join(f"{finding.path}: {finding.message}" for finding in blocking))


class ScheduleRefused(ContentRefused):
    """A time cannot be scheduled."""

    field = "run_at"
