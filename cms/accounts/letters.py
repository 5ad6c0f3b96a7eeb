"""The e-mails that lead somebody to a password of their own."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cms.accounts.models import User

SECONDS_PER_HOUR = 3600


def password_link(user: User) -> str:
    """Make the address at which a person sets a password: once, and for PASSWORD_RESET_TIMEOUT seconds."""
    key = urlsafe_base64_encode(force_bytes(str(user.pk)))
    token = default_token_generator.make_token(user)
    return settings.BASE_URL + reverse("password_reset_confirm", kwargs={"uidb64": key, "token": token})


def send_invitation_letter(user: User) -> None:
    """Invite a person to set their first password. Raises OSError or SMTPException if it cannot be sent."""
    _send("invitation", user)


def send_password_letter(user: User) -> None:
    """Lead a person who forgot their password to a new one. Raises OSError or SMTPException."""
    _send("forgotten", user)


def _send(name: str, user: User) -> None:
    """Send in the language of the receiver; nobody's browser is asked here."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        context = {
            "user": user,
            "host": urlsplit(settings.BASE_URL).netloc,
            "link": password_link(user),
            "hours": settings.PASSWORD_RESET_TIMEOUT // SECONDS_PER_HOUR,
        }
        subject = render_to_string(f"accounts/letters/{name}_subject.txt", context)
        body = render_to_string(f"accounts/letters/{name}.txt", context)
    send_mail("".join(subject.splitlines()), body, settings.DEFAULT_FROM_EMAIL, [user.email])
