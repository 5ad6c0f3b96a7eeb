"""Which id does a new row get? A UUIDv7 (RFC 9562): made by the application, ordered by time."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Make a UUIDv7."""
    return uuid7()
