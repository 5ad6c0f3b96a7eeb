"""Write roles."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from cms.accounts.actions.writing import keeping_an_administrator, record
from cms.accounts.actor import Actor
from cms.accounts.decision import ACTIONS, STARTER_ROLES, Rule
from cms.accounts.errors import AccountRefused
from cms.accounts.models import Role


@transaction.atomic
def ensure_starter_roles() -> None:
    """Make the roles author, editor and administrator where they are missing; those that exist are left as they are."""
    for key, (name, actions) in STARTER_ROLES.items():
        Role.objects.get_or_create(key=key, defaults={"name": name, "actions": list(actions)})


def save_role(*, role: Role, actions: Sequence[str], by: Actor, now: datetime) -> Role:
    """Create or change a role, whose other fields are set already.

    It changes what everybody with the role may do everywhere, so `by` must hold these actions, and those that it had,
    everywhere. Raises PermissionMissing, RightsTooWide, LastAdministrator, AccountRefused.
    """
    by.require("accounts", now=now)
    unknown = sorted(set(actions) - set(ACTIONS))
    if unknown:
        message = _("%(actions)s: no such action. Choose from the list.") % {"actions": ", ".join(unknown)}
        raise AccountRefused(message, field="actions")
    with keeping_an_administrator():
        earlier = Role.objects.filter(pk=role.pk).first()
        held = earlier.actions if earlier else []
        by.require_cover([Rule(frozenset(("accounts", *actions, *held)))], now=now)
        role.actions = [action for action in ACTIONS if action in actions]
        _check(role)
        role.save()
        record(
            "cms.role.save",
            role,
            name=role.name,
            by=by,
            now=now,
            before={"name": earlier.name, "actions": held} if earlier else None,
            after={"name": role.name, "actions": role.actions},
        )
    return role


def delete_role(*, role: Role, by: Actor, now: datetime) -> None:
    """Delete a role that nobody has. Raises PermissionMissing, RightsTooWide, AccountRefused."""
    by.require("accounts", now=now)
    with transaction.atomic():
        by.require_cover([Rule(frozenset(("accounts", *role.actions)))], now=now)
        before = {"name": role.name, "actions": role.actions}
        record("cms.role.delete", role, name=role.name, by=by, now=now, before=before)
        try:
            role.delete()
        except ProtectedError as error:
            message = _("%(role)s is given to somebody. Take it from them first.") % {"role": role}
            raise AccountRefused(message) from error


def _check(role: Role) -> None:
    try:
        role.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise AccountRefused(" ".join(messages), field=field) from error
