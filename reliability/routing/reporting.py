"""How do lost writes get into the table? In a thread of their own, once a primary takes writes again."""

import logging
import time
from collections.abc import Sequence

from django.db import Error, connections

from reliability.routing.actions import report_lost
from reliability.routing.losses import Write

ATTEMPTS = 5
PAUSE_SECONDS = 2.0
logger = logging.getLogger(__name__)


def report(writes: Sequence[Write]) -> None:
    """Store the report, trying again while the new primary settles; what cannot be stored is logged, one line each."""
    try:
        if not any(_try(writes, attempt) for attempt in range(ATTEMPTS)):
            for write in writes:
                logger.error("may be lost, and not reported: %s of %s", write.about.route, write.written_at)
    finally:
        connections.close_all()


def _try(writes: Sequence[Write], attempt: int) -> bool:
    if attempt:
        time.sleep(PAUSE_SECONDS)
    try:
        report_lost(writes)
    except Error as error:
        logger.warning("lost writes cannot be reported yet (%s)", type(error).__name__)
        connections.close_all()
        return False
    return True
