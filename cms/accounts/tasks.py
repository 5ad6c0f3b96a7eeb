"""E-mails, sent outside requests: a mail server takes its time, and would tell by it which addresses are known."""

from hashlib import sha256
from smtplib import SMTPException

from celery import shared_task
from django.core.cache import cache

from cms.accounts.letters import send_invitation_letter, send_password_letter
from cms.accounts.models import User

PAUSE_SECONDS = 60
"""At most one letter in this time to one person, so that nobody's mailbox is filled by others."""
RETRIES_MAX = 5


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=True, max_retries=RETRIES_MAX)
def send_invitation(user_id: str) -> None:
    """Send the invitation to somebody who has no password yet; nothing if they have one or are switched off."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None and not user.has_usable_password():
        send_invitation_letter(user)


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=True, max_retries=RETRIES_MAX)
def send_password_link(email: str) -> None:
    """Send a link to set a new password, if there is an active person with this address."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is not None and cache.add(_pause_key(user), True, PAUSE_SECONDS):
        try:
            send_password_letter(user)
        except (OSError, SMTPException):
            cache.delete(_pause_key(user))
            raise


def _pause_key(user: User) -> str:
    return "password-letter-" + sha256(user.email.encode()).hexdigest()
