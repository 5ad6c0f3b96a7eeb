"""Why can people, rights or sites not be changed like this? Errors that actions raise, each with the field to mend."""

from django.utils.translation import gettext as _


class AccountRefused(Exception):
    """An action was refused; the text says why and what to do, `field` where (empty: no single field)."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class LastAdministrator(AccountRefused):
    """Nobody would be left who may administer everything."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This would leave nobody who may manage people everywhere. "
                "First give another active person an administrator's role, without limits and without an end."
            )
        )
