"""May this person do this here? Pure: a person's grants and a place in, a yes or no out.

One matching grant allows; there is no deny, so two rules can never contradict each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

ACTIONS = (
    "view", "create", "edit", "move", "delete", "comment", "review", "bypass_review", "publish", "media", "redirects",
    "types", "releases", "webhooks", "tokens", "accounts", "audit", "flags", "kill", "rollout",
)  # fmt: skip
STARTER_ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "author": ("Author", ("view", "create", "edit", "comment", "media")),
    "editor": (
        "Editor",
        ("view", "create", "edit", "comment", "media", "move", "delete", "review", "publish", "redirects", "releases"),
    ),
    "administrator": ("Administrator", ACTIONS),
}


@dataclass(frozen=True)
class Rule:
    """What one grant allows; None in a limit means anywhere."""

    actions: frozenset[str]
    site: UUID | None = None
    tree_root: UUID | None = None
    """Translation key of the page below which (and at which) the rule holds."""
    type: str | None = None
    locale: UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where something is to be done."""

    site: UUID
    type: str | None = None
    locale: UUID | None = None
    ancestry: Callable[[], frozenset[UUID]] = frozenset
    """Translation keys of the page and everything above it; asked only when a rule names a subtree."""


def allows(rules: Iterable[Rule], action: str, place: Place | None, *, now: datetime) -> bool:
    """Decide whether one of `rules` allows `action` at `place`; a place of None asks "anywhere at all?"."""
    return any(_matches(rule, action, place, now) for rule in rules)


def covers(own: Iterable[Rule], wanted: Rule, *, now: datetime) -> bool:
    """Decide whether somebody with the rules `own` may hand on `wanted`: each action, nowhere wider, no longer.

    A subtree is covered by the same subtree or by a rule without one; the pages between two roots are not looked at.
    """
    rules = tuple(own)
    return all(any(_contains(rule, wanted, action, now) for rule in rules) for action in wanted.actions)


def _contains(rule: Rule, wanted: Rule, action: str, now: datetime) -> bool:
    if action not in rule.actions or (rule.expires_at is not None and rule.expires_at <= now):
        return False
    if rule.expires_at is not None and (wanted.expires_at is None or wanted.expires_at > rule.expires_at):
        return False
    return (
        rule.site in (None, wanted.site)
        and rule.type in (None, wanted.type)
        and rule.locale in (None, wanted.locale)
        and rule.tree_root in (None, wanted.tree_root)
    )


def _matches(rule: Rule, action: str, place: Place | None, now: datetime) -> bool:
    if action not in rule.actions or (rule.expires_at is not None and rule.expires_at <= now):
        return False
    if place is None:
        return True
    return (
        rule.site in (None, place.site)
        and rule.type in (None, place.type)
        and rule.locale in (None, place.locale)
        and (rule.tree_root is None or rule.tree_root in place.ancestry())
    )
