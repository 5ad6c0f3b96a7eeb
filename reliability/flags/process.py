"""Where is the agent of this process? Made at the first question, kept current by one thread, also after a fork."""

import logging
import os
import random
import threading
import time
from typing import Any

from django.db import DatabaseError, InterfaceError, connections

from reliability.flags import metrics
from reliability.flags.agent import Agent
from reliability.flags.configuration import option
from reliability.flags.doorbell import Doorbell, ring

LOOK_SECONDS = 0.5
"""Pause between looks at the kill lists; also how long the thread waits for the doorbell."""
JITTER = 0.2
RETRIES_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""When to look again if the doorbell rang before this region's node has the rows."""
logger = logging.getLogger(__name__)
_agent: Agent | None = None
_lock = threading.Lock()
_thread: threading.Thread | None = None
_wanted = False
"""Whether this process wants the thread; inherited by its children, which start their own."""


def current() -> Agent:
    """Give the agent of this process; the first question reads the flags."""
    global _agent
    if _agent is None:
        with _lock:
            if _agent is None:
                made = Agent()
                logger.info("flags come from: %s", made.boot())
                _agent = made
    if _wanted and (_thread is None or not _thread.is_alive()):
        _restart()
    return _agent


def ensure_started() -> None:
    """Start the thread of this process; the web server and the worker call it. A child starts its own after a fork."""
    global _wanted
    _wanted = True
    current()


def forget() -> None:
    """Drop what this process knows, so that the next question reads it anew; for tests."""
    global _agent
    _agent = None


def announce(version: int) -> None:
    """Take a change over in this process, and ring the doorbell of the others of this region; never raises."""
    if _agent is not None:
        _poll(_agent)
    ring(version)


def _restart() -> None:
    global _thread
    with _lock:
        if _thread is not None and _thread.is_alive():
            return
        if _thread is not None:
            metrics.AGENT_RESTARTS.inc()
        _thread = threading.Thread(target=_run, name="flags", daemon=True)
        _thread.start()


def _after_fork() -> None:
    """A child has no thread, and must not share the parent's sockets; what the parent knew is still true."""
    global _thread, _lock
    _thread, _lock = None, threading.Lock()
    if _wanted:
        _restart()


os.register_at_fork(after_in_child=_after_fork)


def _run() -> None:
    agent, doorbell = current(), Doorbell()
    poll_at = time.monotonic() + float(option("POLL_SECONDS")) * random.random()
    while True:
        rung = doorbell.wait(LOOK_SECONDS)
        if agent.watch.look():
            logger.warning("flags killed on this host: %s", ", ".join(agent.watch.current.variants) or "none")
        for source, count in agent.watch.by_source().items():
            metrics.KILLS_ACTIVE.labels(source).set(count)
        if rung is not None:
            _follow(agent, rung)
        elif time.monotonic() >= poll_at:
            _poll(agent)
        if rung is not None or time.monotonic() >= poll_at:
            poll_at = time.monotonic() + float(option("POLL_SECONDS")) * random.uniform(1 - JITTER, 1 + JITTER)
        metrics.SNAPSHOT_AGE.set(min(agent.age_seconds, 1e9))


def _follow(agent: Agent, rung: dict[str, Any]) -> None:
    """Read a change that was announced; this region's node may not have it yet, so look a few times."""
    for pause in (0.0, *RETRIES_SECONDS):
        time.sleep(pause)
        _poll(agent)
        if agent.holder.current.version >= int(rung.get("v", 0)):
            metrics.PROPAGATION.observe(max(0.0, time.time() - float(rung.get("at", time.time()))))
            return


def _poll(agent: Agent) -> None:
    try:
        if agent.poll():
            agent.save()
        metrics.SOURCE_UP.labels("database").set(1)
    except (DatabaseError, InterfaceError) as error:
        metrics.SOURCE_UP.labels("database").set(0)
        logger.warning("flags cannot be read (%s); what is known stays", type(error).__name__)
        connections.close_all()
