"""Invite people, change them, switch them off and on."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from cms.accounts.actions.grants import EVERYWHERE, Limits, grant_role
from cms.accounts.actions.writing import keeping_an_administrator, record
from cms.accounts.actor import Actor, RightsTooWide
from cms.accounts.errors import AccountRefused
from cms.accounts.models import Role, User
from cms.accounts.queries import rules_of, rules_of_group


def invite(
    *,
    email: str,
    name: str = "",
    role: Role | None,
    limits: Limits = EVERYWHERE,
    language: str = "",
    by: Actor,
    now: datetime,
    notify: bool = True,
) -> User:
    """Add a person without a password and send them a link to set one; it is valid for PASSWORD_RESET_TIMEOUT seconds.

    Without `notify` no e-mail is sent: the caller hands on the link. A role of None gives no rights yet.
    Raises PermissionMissing, RightsTooWide, AccountRefused.
    """
    by.require("accounts", now=now)
    with keeping_an_administrator():
        user = User(email=_checked_email(email), name=name.strip(), language=language)
        user.set_unusable_password()
        user.save()
        record("cms.user.invite", user, by=by, now=now, after={"email": user.email, "name": user.name})
        if role is not None:
            grant_role(role=role, to=user, limits=limits, by=by, now=now)
        if notify:
            _send_invitation(user)
    return user


def resend_invitation(*, user: User, by: Actor, now: datetime) -> None:
    """Send the link again, to somebody who has not set a password. Raises PermissionMissing, AccountRefused."""
    by.require("accounts", now=now)
    if user.has_usable_password() or not user.is_active:
        message = _("%(person)s has a password, or is switched off; there is nothing to invite to.")
        raise AccountRefused(message % {"person": user})
    with transaction.atomic():
        record("cms.user.invite_again", user, by=by, now=now)
        _send_invitation(user)


def change_person(
    *,
    user: User,
    email: str,
    name: str,
    is_staff: bool,
    groups: Iterable[Group] | None = None,
    by: Actor,
    now: datetime,
) -> User:
    """Change who somebody is; `groups` replaces the groups they are in, None leaves them.

    A new address is a way to a new password, so `by` must hold every right of the person: nobody takes over somebody
    who may do more. Raises PermissionMissing, RightsTooWide, LastAdministrator, AccountRefused.
    """
    by.require("accounts", now=now)
    with keeping_an_administrator():
        row = User.objects.select_for_update().get(pk=user.pk)
        before = _words(row)
        _require_power_over(row, by=by, now=now)
        row.email, row.name, row.is_staff = _checked_email(email, of=row), name.strip(), is_staff
        row.save(update_fields=["email", "name", "is_staff"])
        if groups is not None:
            _set_groups(row, tuple(groups), by=by, now=now)
        record("cms.user.change", row, by=by, now=now, before=before, after=_words(row))
    return row


def deactivate(*, user: User, by: Actor, now: datetime) -> None:
    """Switch a person off: they cannot sign in, and open sessions end with their next request.

    Raises PermissionMissing, RightsTooWide, LastAdministrator.
    """
    _set_active(user, is_active=False, by=by, now=now)


def reactivate(*, user: User, by: Actor, now: datetime) -> None:
    """Switch a person on again, with the rights that they had. Raises PermissionMissing, RightsTooWide."""
    _set_active(user, is_active=True, by=by, now=now)


def change_profile(*, user: User, name: str, language: str, time_zone: str, by: Actor, now: datetime) -> None:
    """Change a person's own settings. Raises AccountRefused."""
    if language and language not in dict(settings.LANGUAGES):
        message = _("%(language)s: the admin does not speak this language.") % {"language": language}
        raise AccountRefused(message, field="language")
    if time_zone not in zoneinfo.available_timezones():
        message = _("%(zone)s: no such time zone. Write one such as Europe/Berlin, or UTC.") % {"zone": time_zone}
        raise AccountRefused(message, field="time_zone")
    with transaction.atomic():
        before = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        user.name, user.language, user.time_zone = name.strip(), language, time_zone
        user.save(update_fields=["name", "language", "time_zone"])
        after = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        record("cms.user.profile", user, by=by, now=now, before=before, after=after)


def set_password(*, user: User, password: str, by: Actor, now: datetime) -> None:
    """Set a password that the validators have accepted; other sessions of the person end."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        record("cms.user.password", user, by=by, now=now)


def _send_invitation(user: User) -> None:
    """Start the letter after the commit; without a queue the person is invited all the same, and again by a button."""

    def send() -> None:
        current_app.tasks["cms.accounts.tasks.send_invitation"].delay(str(user.pk))

    transaction.on_commit(send, robust=True)


def _set_active(user: User, *, is_active: bool, by: Actor, now: datetime) -> None:
    by.require("accounts", now=now)
    with keeping_an_administrator():
        row = User.objects.select_for_update().get(pk=user.pk)
        _require_power_over(row, by=by, now=now)
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        record("cms.user.activate" if is_active else "cms.user.deactivate", row, by=by, now=now)


def _set_groups(user: User, groups: tuple[Group, ...], *, by: Actor, now: datetime) -> None:
    joined = set(groups) - set(user.groups.all())
    by.require_cover([rule for group in joined for rule in rules_of_group(group)], now=now)
    user.groups.set(groups)


def _require_power_over(user: User, *, by: Actor, now: datetime) -> None:
    if by.is_unlimited or by.id == user.pk:
        return
    if user.is_superuser:
        raise RightsTooWide
    held = (rule for rule in rules_of(user) if rule.expires_at is None or rule.expires_at > now)
    by.require_cover([replace(rule, actions=rule.actions | {"accounts"}) for rule in held], now=now)


def _checked_email(email: str, *, of: User | None = None) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("%(address)s: this is no e-mail address.") % {"address": address or _("Empty")}
        raise AccountRefused(message, field="email") from error
    others = User.objects.exclude(pk=of.pk) if of else User.objects.all()
    if others.filter(email__iexact=address).exists():
        message = _("There is a person with the address %(address)s already.") % {"address": address}
        raise AccountRefused(message, field="email")
    return address


def _words(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "is_staff": user.is_staff,
        "groups": sorted(group.name for group in user.groups.all()),
    }
