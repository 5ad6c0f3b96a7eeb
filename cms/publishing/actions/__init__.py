"""What makes drafts public, and public things drafts again: one verb a function, one transaction each."""

from cms.publishing.actions.importing import ImportRefused, import_wordpress
from cms.publishing.actions.move import move
from cms.publishing.actions.preview import keep_preview
from cms.publishing.actions.publish import publish
from cms.publishing.actions.rebuild import rebuild
from cms.publishing.actions.schedule import cancel_schedule, schedule
from cms.publishing.actions.settle import settle_due
from cms.publishing.actions.trash import trash
from cms.publishing.actions.types import apply_types
from cms.publishing.actions.unpublish import unpublish

__all__ = [
    "ImportRefused",
    "apply_types",
    "cancel_schedule",
    "import_wordpress",
    "keep_preview",
    "move",
    "publish",
    "rebuild",
    "schedule",
    "settle_due",
    "trash",
    "unpublish",
]
