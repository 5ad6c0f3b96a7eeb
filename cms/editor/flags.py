"""Features of the editor that can be switched, for one person too."""

from reliability.flags.api import flag

COMPACT_LIST = flag(
    "compact-document-list",
    default=False,
    owner="editorial",
    description="The list of documents in narrow lines, so that more of them fit on a screen.",
)
