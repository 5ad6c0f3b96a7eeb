"""Give roles to people and groups, and take them back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from cms.accounts.actions.writing import keeping_an_administrator, record
from cms.accounts.actor import Actor
from cms.accounts.errors import AccountRefused
from cms.accounts.models import Grant, Locale, Role, Site, User
from cms.accounts.queries import rule_of


@dataclass(frozen=True)
class Limits:
    """Where and how long a grant holds; None means everywhere and for good."""

    site: Site | None = None
    tree_root: UUID | None = None
    """Translation key of the page at and below which it holds."""
    type_key: str | None = None
    locale: Locale | None = None
    expires_at: datetime | None = None


EVERYWHERE = Limits()


def grant_role(*, role: Role, to: User | Group, limits: Limits = EVERYWHERE, by: Actor, now: datetime) -> Grant:
    """Give a role to a person or a group. Raises PermissionMissing, RightsTooWide, AccountRefused."""
    by.require("accounts", now=now)
    holder = {"user": to} if isinstance(to, User) else {"group": to}
    grant = _limited(Grant(role=role, **holder), limits)
    if limits.expires_at is not None and limits.expires_at <= now:
        raise AccountRefused(_("The end has passed already. Choose a later time, or none."), field="expires_at")
    with keeping_an_administrator():
        _require_cover(grant, by=by, now=now)
        grant.save()
        record("cms.grant.create", grant, by=by, now=now, after=_words(grant))
    return grant


def change_grant(*, grant: Grant, role: Role, limits: Limits = EVERYWHERE, by: Actor, now: datetime) -> Grant:
    """Give another role or other limits; the old and the new one must be within what `by` may do.

    Raises PermissionMissing, RightsTooWide, LastAdministrator.
    """
    by.require("accounts", now=now)
    with keeping_an_administrator():
        earlier = Grant.objects.select_for_update(of=("self",)).select_related("role").get(pk=grant.pk)
        before = _words(earlier)
        _require_cover(earlier, by=by, now=now)
        earlier.role = role
        _require_cover(_limited(earlier, limits), by=by, now=now)
        earlier.save()
        record("cms.grant.change", earlier, by=by, now=now, before=before, after=_words(earlier))
    return earlier


def revoke_grant(*, grant: Grant, by: Actor, now: datetime) -> None:
    """Take a role back. Raises PermissionMissing, RightsTooWide, LastAdministrator."""
    by.require("accounts", now=now)
    with keeping_an_administrator():
        # Read again: a form may have changed the row in memory, and with it what seems to be given back.
        row = Grant.objects.select_for_update(of=("self",)).select_related("role").get(pk=grant.pk)
        _require_cover(row, by=by, now=now)
        record("cms.grant.revoke", row, by=by, now=now, before=_words(row))
        row.delete()


def _require_cover(grant: Grant, *, by: Actor, now: datetime) -> None:
    by.require_cover([rule_of(grant, also=["accounts"])], now=now)


def _limited(grant: Grant, limits: Limits) -> Grant:
    grant.site, grant.tree_root, grant.locale = limits.site, limits.tree_root, limits.locale
    grant.type_key, grant.expires_at = limits.type_key or None, limits.expires_at
    return grant


def _words(grant: Grant) -> dict[str, Any]:
    return {
        "role": grant.role.key,
        "to": grant.user.email if grant.user else str(grant.group),
        "site": grant.site.key if grant.site else None,
        "tree_root": str(grant.tree_root) if grant.tree_root else None,
        "type": grant.type_key,
        "locale": grant.locale.code if grant.locale else None,
        "expires_at": grant.expires_at.isoformat() if grant.expires_at else None,
    }
