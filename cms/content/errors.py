"""Why can a document not be saved or moved? Errors that more than one action raises."""

from uuid import UUID

from django.utils.translation import gettext as _


class ContentRefused(Exception):
    """An action was refused; the text says why and what to do."""


class VersionConflict(ContentRefused):
    """Somebody else saved the document in the meantime."""

    def __init__(self, document_id: UUID, *, base: int, current: int) -> None:
        self.document_id, self.base, self.current = document_id, base, current
        super().__init__(
            _(
                "Somebody else has changed this document since you opened it (version %(base)s, now %(current)s). "
                "Compare both versions and decide."
            )
            % {"base": base, "current": current}
        )


class PathTaken(ContentRefused):
    """Another document has the address already."""

    field = "slug"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(_("Another page already has the address %(path)s. Choose another slug.") % {"path": path})


class PlaceRefused(ContentRefused):
    """A document cannot stand there."""


class InTrash(ContentRefused):
    """The document is in the trash."""

    def __init__(self) -> None:
        super().__init__(_("This document is in the trash. Restore it first."))
