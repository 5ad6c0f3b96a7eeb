"""Which passwords are refused because everybody knows them?"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.accounts.models import User


def is_forbidden(password: str) -> bool:
    """Tell whether a password is public knowledge, as the demo's is in production."""
    return password in settings.FORBIDDEN_PASSWORDS


class NotForbiddenValidator:
    """Refuses passwords that are public knowledge, for Django's list of validators."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that the sign-in form refuses anyway."""
        if is_forbidden(password):
            raise ValidationError(
                _("This password is printed in the documentation. Choose another one."), code="forbidden"
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be one that is printed in the documentation.")
