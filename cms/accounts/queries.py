"""Reads about people and their rights."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.db.models import Max, Q

from cms.accounts.actor import Actor
from cms.accounts.decision import Rule
from cms.accounts.models import Grant, Role, User


def rules_of(user: User) -> tuple[Rule, ...]:
    """Load what a person's own and their groups' grants allow; one query, expired grants included."""
    grants = Grant.objects.filter(Q(user=user) | Q(group__user=user)).select_related("role").distinct()
    return tuple(rule_of(grant) for grant in grants)


def rules_of_group(group: Group) -> tuple[Rule, ...]:
    """Load what membership of a group allows; one query."""
    return tuple(rule_of(grant) for grant in Grant.objects.filter(group=group).select_related("role"))


def rule_of(grant: Grant, *, also: Iterable[str] = ()) -> Rule:
    """Say what a grant allows, and `also` these actions at the same place."""
    return Rule(
        actions=frozenset((*grant.role.actions, *also)),
        site=grant.site_id,
        tree_root=grant.tree_root,
        type=grant.type_key or None,
        locale=grant.locale_id,
        expires_at=grant.expires_at,
    )


def has_administrator() -> bool:
    """Tell whether an active person may manage people everywhere and for good; two queries."""
    roles = [role.pk for role in Role.objects.all() if "accounts" in role.actions]
    grants = Grant.objects.filter(
        Q(type_key__isnull=True) | Q(type_key=""),
        role__in=roles,
        site__isnull=True,
        tree_root__isnull=True,
        locale__isnull=True,
        expires_at__isnull=True,
    )
    holders = Q(is_superuser=True) | Q(pk__in=grants.values("user")) | Q(groups__in=grants.values("group"))
    return User.objects.filter(holders, is_active=True, is_staff=True).exists()


def actor_of(user: User, *, request_id: str = "", address: str | None = None) -> Actor:
    """Make the actor for a signed-in person; their grants are read once, when first needed."""

    def rules() -> tuple[Rule, ...]:
        loaded: tuple[Rule, ...] | None = getattr(user, "_rules", None)
        if loaded is None:
            loaded = rules_of(user)
            user._rules = loaded  # type: ignore[attr-defined]  # a cache for one request, as Django's own backends keep
        return loaded

    return Actor(
        id=user.pk,
        name=str(user),
        is_unlimited=user.is_superuser and user.is_active,
        rules=rules if user.is_active else tuple,
        request_id=request_id,
        address=address,
    )


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """Load the names of people by id; unknown ids are left out."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def locked_until(*, email: str, address: str | None, now: datetime) -> datetime:
    """Tell when somebody who failed to sign in too often may try again: some minutes after the last failure."""
    attempts = AccessAttempt.objects.filter(username=email, ip_address=address)
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or now
    pause: timedelta = get_cool_off() or timedelta()
    return last + pause
