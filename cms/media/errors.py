"""What media actions refuse besides files that do not pass (reception.py)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class FieldRefused(Exception):
    """A value cannot be kept; the message names the field and the fix."""

    def __init__(self, field: str, fix: str) -> None:
        self.field = field
        super().__init__(f"{field}: {fix}")


class AssetChanged(Exception):
    """Somebody else changed the same field meanwhile."""

    def __init__(self, field: str, current: object) -> None:
        self.field, self.current = field, current
        super().__init__(
            f"{field}: "
            + _("Somebody changed this meanwhile to “%(current)s”. Look at it, enter what is right, and save again.")
            % {"current": current}
        )


class AssetInUse(Exception):
    """The file is used in documents, so it cannot be deleted."""

    def __init__(self, uses: int) -> None:
        self.uses = uses
        sentence = ngettext(
            "This file is used in %(uses)s place. Take it out there first, or replace it by another file.",
            "This file is used in %(uses)s places. Take it out of them first, or replace it by another file.",
            uses,
        )
        super().__init__(sentence % {"uses": uses})


class SameFileKnown(Exception):
    """The replacement is already here as another asset."""

    def __init__(self, title: str) -> None:
        sentence = _("This very file is here already, as “%(title)s”. Use that one, or choose another file.")
        super().__init__("file: " + sentence % {"title": title})
