"""Changes of flags: each one transaction with its record, whoever makes it."""

from reliability.flags.actions.importing import ImportReport, import_flags
from reliability.flags.actions.kill import kill_flag, unkill_flag
from reliability.flags.actions.write import (
    Author,
    Edit,
    FlagConflict,
    FlagRefused,
    NotAllowed,
    archive_flag,
    create_flag,
    restore_flag,
    revert_flag,
    system,
    update_flag,
)

__all__ = [
    "Author", "Edit", "FlagConflict", "FlagRefused", "ImportReport", "NotAllowed", "archive_flag", "create_flag",
    "import_flags", "kill_flag", "restore_flag", "revert_flag", "system", "unkill_flag", "update_flag",
]  # fmt: skip
