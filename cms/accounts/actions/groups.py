"""Write groups of people, who get the roles that are given to the group."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from cms.accounts.actions.writing import keeping_an_administrator, record
from cms.accounts.actor import Actor
from cms.accounts.errors import AccountRefused
from cms.accounts.queries import rules_of_group


def save_group(*, group: Group, by: Actor, now: datetime) -> Group:
    """Create or rename a group. Raises PermissionMissing, AccountRefused."""
    by.require("accounts", now=now)
    with keeping_an_administrator():
        if Group.objects.filter(name__iexact=group.name).exclude(pk=group.pk).exists():
            message = _("There is a group %(name)s already. Choose another name.") % {"name": group.name}
            raise AccountRefused(message, field="name")
        earlier = Group.objects.filter(pk=group.pk).first()
        group.save()
        before = {"name": earlier.name} if earlier else None
        record("cms.group.save", group, by=by, now=now, before=before, after={"name": group.name})
    return group


def delete_group(*, group: Group, by: Actor, now: datetime) -> None:
    """Delete a group; its members lose what it gave them.

    Raises PermissionMissing, RightsTooWide, LastAdministrator.
    """
    by.require("accounts", now=now)
    with keeping_an_administrator():
        by.require_cover(rules_of_group(group), now=now)
        record("cms.group.delete", group, by=by, now=now, before={"name": group.name})
        group.delete()
