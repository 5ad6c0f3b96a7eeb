"""Switch a flag off at once, and on again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from reliability.flags.actions.write import Author, FlagRefused, change_flag
from reliability.flags.models import Flag
from reliability.flags.stored import check_when
from reliability.flags.validation import Fault
from reliability.wording import say as _


def kill_flag(
    *,
    key: str,
    reason: str,
    by: Author,
    now: datetime,
    when: Mapping[str, Sequence[str]] | None = None,
    until: datetime | None = None,
) -> Flag:
    """Serve the kill variant, everywhere or where `when` says, for good or until a time.

    Needs no approval and no confirmation, but a reason.
    Raises NotAllowed, FlagRefused (no reason, a bad `when`, a time that has passed), Flag.DoesNotExist.
    """
    faults = check_when(dict(when or {}), path="when")
    if not reason.strip():
        faults.append(Fault("reason", _("say why; those who are woken by it will read this first")))
    if until is not None and until <= now:
        faults.append(Fault("until", _("this time has passed")))
    if faults:
        raise FlagRefused(faults)

    def change(flag: Flag) -> None:
        flag.kill = {
            "when": {axis: list(values) for axis, values in (when or {}).items()},
            "until": until.isoformat() if until else None,
            "reason": reason.strip(),
        }

    return change_flag(key, "kill", change, by=by, now=now, reason=reason)


def unkill_flag(*, key: str, by: Author, now: datetime, reason: str = "") -> Flag:
    """Let a flag's rules decide again; kills in files stay. Raises NotAllowed, Flag.DoesNotExist."""

    def change(flag: Flag) -> None:
        flag.kill = None

    return change_flag(key, "unkill", change, by=by, now=now, reason=reason)
