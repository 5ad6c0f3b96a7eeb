"""Invite a person from the command line: how the first administrator comes in, without a known password."""

from argparse import ArgumentParser
from smtplib import SMTPException
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cms.accounts.actions import Limits, ensure_starter_roles, invite
from cms.accounts.actor import system
from cms.accounts.errors import AccountRefused
from cms.accounts.letters import password_link, send_invitation_letter
from cms.accounts.models import Role, Site, User


class Command(BaseCommand):
    help = "Invite a person: they get a link to set a password. Again for one who has none yet: a new link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="address, with which they sign in")
        parser.add_argument("--name", default="", help="name that others see")
        parser.add_argument("--role", default="administrator", help="key of a role (default: administrator)")
        parser.add_argument("--site", help="key of the site where the role holds (default: everywhere)")
        parser.add_argument("--print-link", action="store_true", help="print the link and send no e-mail")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            user = _invite(options)
        elif user.has_usable_password() or not user.is_active:
            raise CommandError(f"{user.email} has a password, or is switched off; change them in the admin.")
        if options["print_link"]:
            self.stdout.write(password_link(user))
            return
        try:
            send_invitation_letter(user)
        except (OSError, SMTPException) as error:
            raise CommandError(
                f"The person is there, but the e-mail could not be sent ({error}). Check CMS_EMAIL_URL and run the "
                "command again, or take --print-link and hand the link on yourself."
            ) from error
        self.stdout.write(f"{user.email} is invited.")


def _invite(options: dict[str, Any]) -> User:
    ensure_starter_roles()
    role = Role.objects.filter(key=options["role"]).first()
    if role is None:
        known = ", ".join(Role.objects.values_list("key", flat=True))
        raise CommandError(f"--role {options['role']}: there is no such role; take one of: {known}.")
    site = None
    if options["site"]:
        site = Site.objects.filter(key=options["site"]).first()
        if site is None:
            known = ", ".join(Site.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"--site {options['site']}: there is no such site; there are: {known}.")
    try:
        return invite(
            email=options["email"],
            name=options["name"],
            role=role,
            limits=Limits(site=site),
            by=system("command line"),
            now=timezone.now(),
            notify=False,
        )
    except AccountRefused as refused:
        raise CommandError(str(refused)) from refused
