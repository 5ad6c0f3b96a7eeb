"""Who may see a draft? Whoever holds its token: signed, for one revision, for ten minutes."""

from uuid import UUID

from django.core import signing

SALT = "cms.publishing.preview"
VALID_SECONDS = 600


class PreviewExpired(Exception):
    """The token is too old or was not made here; open the preview again from the editor."""


def sign(revision_id: UUID) -> str:
    """Make a token for a revision."""
    return signing.TimestampSigner(salt=SALT).sign_object({"revision": str(revision_id)}, compress=False)


def unsign(token: str) -> UUID:
    """Read the revision out of a token. Raises PreviewExpired."""
    try:
        loaded = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=VALID_SECONDS)
    except signing.BadSignature as error:
        raise PreviewExpired("This preview has expired. Open it again from the editor.") from error
    return UUID(loaded["revision"])
