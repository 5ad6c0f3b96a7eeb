"""Does every region serve the same flags? Pure."""

from reliability.slo.alert import Alert, Severity
from reliability.slo.windows import MINUTE


def alerts() -> list[Alert]:
    """Give the alerts of flags."""
    return [
        Alert(
            name="FlagsVersionsDiffer",
            expression="max(flags_snapshot_version) - min(flags_snapshot_version) > 0",
            severity=Severity.TICKET,
            summary="Instances serve different versions of the flags",
            description="They are {{ $value }} versions apart: a change or a kill has not arrived everywhere.",
            lasting_seconds=10 * MINUTE,
        )
    ]
