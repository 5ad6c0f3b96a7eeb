"""What can be done with people, their rights, sites and locales: one verb per function, one transaction each."""

from cms.accounts.actions.grants import Limits, change_grant, grant_role, revoke_grant
from cms.accounts.actions.groups import delete_group, save_group
from cms.accounts.actions.people import (
    change_person,
    change_profile,
    deactivate,
    invite,
    reactivate,
    resend_invitation,
    set_password,
)
from cms.accounts.actions.roles import delete_role, ensure_starter_roles, save_role
from cms.accounts.actions.sites import save_locale, save_site

__all__ = [
    "Limits",
    "change_grant",
    "change_person",
    "change_profile",
    "deactivate",
    "delete_group",
    "delete_role",
    "ensure_starter_roles",
    "grant_role",
    "invite",
    "reactivate",
    "resend_invitation",
    "revoke_grant",
    "save_group",
    "save_locale",
    "save_role",
    "save_site",
    "set_password",
]
