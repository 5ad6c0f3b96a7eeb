"""What media actions refuse besides files that do not pass (reception.py)."""


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
            f"{field}: Somebody changed this meanwhile to {current!r}. Look at it, enter what is right, and save again."
        )


class AssetInUse(Exception):
    """The file is used in documents, so it cannot be deleted."""

    def __init__(self, uses: int) -> None:
        self.uses = uses
        super().__init__(
            f"This file is used in {uses} places. Take it out of them first, or replace it by another file."
        )


class SameFileKnown(Exception):
    """The replacement is already here as another asset."""

    def __init__(self, title: str) -> None:
        super().__init__(f"file: This very file is here already, as {title!r}. Use that one, or choose another file.")
