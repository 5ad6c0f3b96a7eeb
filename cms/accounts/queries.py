"""Reads about people and their rights."""

from uuid import UUID

from django.db.models import Q

from cms.accounts.actor import Actor
from cms.accounts.decision import Rule
from cms.accounts.models import Grant, User


def rules_of(user: User) -> tuple[Rule, ...]:
    """Load what a person's own and their groups' grants allow; one query, expired grants included."""
    grants = Grant.objects.filter(Q(user=user) | Q(group__user=user)).select_related("role").distinct()
    return tuple(
        Rule(
            actions=frozenset(grant.role.actions),
            site=grant.site_id,
            tree_root=grant.tree_root,
            type=grant.type_key or None,
            locale=grant.locale_id,
            expires_at=grant.expires_at,
        )
        for grant in grants
    )


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
