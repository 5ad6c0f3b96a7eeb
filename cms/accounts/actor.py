"""On whose behalf does an action run? A person with their grants, or a named part of the system."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cms.accounts.decision import Place, Rule, allows, covers
from cms.accounts.explanations import ACTIONS


class PermissionMissing(Exception):
    """A grant is missing for what was asked."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(
            _("You may not do this here: “%(action)s”. Ask an administrator for a role that allows it.")
            % {"action": ACTIONS[action][0] if action in ACTIONS else action}
        )


class RightsTooWide(Exception):
    """Somebody would give, change or take rights that they do not hold themselves."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "These rights are wider than your own: more actions, more places or a longer time. "
                "Choose narrower ones, or ask an administrator of everything."
            )
        )


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. Grants are asked for when the first decision needs them, with one query."""

    id: UUID | None
    name: str
    is_unlimited: bool = False
    rules: Callable[[], tuple[Rule, ...]] = field(default=tuple, compare=False)
    request_id: str = ""
    address: str | None = None

    def may(self, action: str, place: Place | None = None, *, now: datetime) -> bool:
        """Tell whether the actor may do `action` at `place`; None asks "anywhere at all?"."""
        return self.is_unlimited or allows(self.rules(), action, place, now=now)

    def require(self, action: str, place: Place | None = None, *, now: datetime) -> None:
        """Insist on a right. Raises PermissionMissing."""
        if not self.may(action, place, now=now):
            raise PermissionMissing(action)

    def require_cover(self, wanted: Iterable[Rule], *, now: datetime) -> None:
        """Insist that the actor holds everything that `wanted` allows. Raises RightsTooWide."""
        if not self.is_unlimited and not all(covers(self.rules(), rule, now=now) for rule in wanted):
            raise RightsTooWide


def system(name: str) -> Actor:
    """Make the actor for a part of the system, such as the scheduler; it may do everything."""
    return Actor(id=None, name=name, is_unlimited=True)
