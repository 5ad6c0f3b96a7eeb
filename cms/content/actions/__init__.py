"""What people do with drafts: one verb a function, one transaction each."""

from cms.content.actions.create import create_document
from cms.content.actions.place import move_document
from cms.content.actions.restore import restore_revision
from cms.content.actions.retention import empty_trash, prune_revisions
from cms.content.actions.save import save_draft
from cms.content.actions.translate import translate
from cms.content.actions.trash import restore_from_trash, trash_document
from cms.content.actions.types import save_type

__all__ = [
    "create_document",
    "empty_trash",
    "move_document",
    "prune_revisions",
    "restore_from_trash",
    "restore_revision",
    "save_draft",
    "save_type",
    "translate",
    "trash_document",
]
