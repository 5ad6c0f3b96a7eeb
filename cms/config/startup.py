"""What begins when a process starts to serve or to work? It reads where readers do, and hears of events and flags."""

from reliability.flags import process as flags
from reliability.outbox import runner
from reliability.routing import session


def listen() -> None:
    """Start the background threads of this process unless it has them; cheap, and right again after a fork."""
    # Not when this is imported, which commands do too: a process that serves lets its threads read where readers do.
    session.set_process_role("replica")
    runner.ensure_started()
    flags.ensure_started()
