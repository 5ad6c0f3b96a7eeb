"""How does a log line look? One JSON object on a line, with the request and the trace that it belongs to.

No further handler sends lines to the collector: what runs the container collects them, also when a process dies.
"""

import json
import logging
import sys
import time
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from reliability.telemetry import current, process, tracing


class ContextFilter(logging.Filter):
    """Adds to each record which request, trace and process it comes from."""

    def __init__(self, **constants: str) -> None:
        super().__init__()
        self._constants = constants

    def filter(self, record: logging.LogRecord) -> bool:
        work = current.current()
        if work is not None and work.hides_path:
            record.args = _without_paths(record.args, instead=f"/{work.route}")
        record.context = {**of_this_thread(), **self._constants}
        return True


class JsonLines(JsonFormatter):
    """Writes what is meant to be written: no `extra` of a library, which may hold a request, or arguments of a task."""

    _encode = json.JSONEncoder(ensure_ascii=False, default=str).encode  # made once, where the library makes one a line
    _second = (0, "")

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data["time"] = f"{self._to_the_second(int(record.created))}.{int(record.msecs):03d}Z"
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = record.message
        log_data.update(message_dict)
        log_data.update(getattr(record, "context", ()))

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        return self._encode(log_data)

    def _to_the_second(self, seconds: int) -> str:
        """Many lines are of one second."""
        known, text = self._second  # One look, for other threads change it.
        if known != seconds:
            text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
            self._second = (seconds, text)
        return text


class Lines(logging.StreamHandler[TextIO]):
    """Writes to standard output where a process serves or works, and leaves it to the answer of a command."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # looked up each time, for it may be replaced
        return sys.stdout if process.role else sys.stderr


def _without_paths(args: Any, *, instead: str) -> Any:
    """Django itself logs the path of a request that fails."""
    if not isinstance(args, tuple):
        return args
    return tuple(instead if isinstance(each, str) and each.startswith("/") else each for each in args)


def of_this_thread() -> dict[str, Any]:
    """Give the ids of what this thread works on: the innermost span where there is one; nothing outside of work."""
    work = current.current()
    if work is None:
        return {}
    trace_id, span_id, is_sampled = tracing.ids(work)
    return {
        "trace_id": trace_id,
        "span_id": span_id,
        "trace_sampled": is_sampled,
        "request_id": work.request_id,
    }
