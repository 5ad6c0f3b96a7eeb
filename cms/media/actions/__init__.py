"""Writes to media: one verb per function, each with its audit entry and event in one transaction."""

from cms.media.actions.change import change_asset
from cms.media.actions.delete import delete_asset
from cms.media.actions.finish import finish, mark_failed, remove_retired, take_waiting
from cms.media.actions.replace import replace_file
from cms.media.actions.upload import upload_asset

__all__ = [
    "change_asset", "delete_asset", "finish", "mark_failed", "remove_retired", "replace_file", "take_waiting",
    "upload_asset",
]  # fmt: skip
