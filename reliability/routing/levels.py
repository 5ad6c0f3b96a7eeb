"""How consistent must the reads of this request be? By its method and its path, and by how far the primary is."""

from reliability.routing.decision import Level
from reliability.routing.options import Options
from reliability.routing.topology import Snapshot

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
NEAR_SECONDS = 0.005
"""A primary that answers within this is near enough to be asked for every read of an editor's page."""


def level_of(method: str | None, path: str, *, options: Options, snapshot: Snapshot) -> Level:
    """Choose the level of a request.

    What may write reads from the primary from its beginning: a check for uniqueness on a standby would be worth little,
    and the write goes there anyway.
    """
    if method not in SAFE_METHODS:
        return "strong"
    level = options.editor_consistency if path.startswith(options.strong_paths) else options.consistency
    if level != "auto":
        return level
    primary = snapshot.primary_node
    return "strong" if primary is not None and primary.rtt_seconds <= NEAR_SECONDS else "session"
