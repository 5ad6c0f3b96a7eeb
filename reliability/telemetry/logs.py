"""How does a log line look? One JSON object on a line, with the request and the trace that it belongs to.

No further handler sends lines to the collector: what runs the container collects them, also when a process dies.
"""

import json
import logging
import sys
import time
from contextlib import nullcontext
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from reliability.telemetry import current, process, tracing


class ContextFilter(logging.Filter):
    """Adds to each record which request, trace and process it comes from."""

    def __init__(self, **constants: str) -> None:
        super().__init__()
        self.constants = constants

    def filter(self, record: logging.LogRecord) -> bool:
        work = current.current()
        if work is not None and work.hides_path:
            record.args = _without_paths(record.args, instead=f"/{work.route}")
        record.context = {**of_this_thread(), **self.constants}
        return True


class JsonLines(JsonFormatter):
    """Writes what is meant to be written: no `extra` of a library, which may hold a request, or arguments of a task."""

    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode  # made once, where the library makes one a line
    _second = (0, "")

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data["time"] = self.when(record.created, int(record.msecs))
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = record.message
        log_data.update(message_dict)
        log_data.update(getattr(record, "context", ()))

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        return self.encode(log_data)

    def when(self, moment: float, milliseconds: int) -> str:
        """Write a moment in UTC; many lines are of one second, which is written once."""
        seconds = int(moment)
        known, text = self._second  # One look, for other threads change it.
        if known != seconds:
            text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
            self._second = (seconds, text)
        return f"{text}.{milliseconds:03d}Z"


class Lines(logging.StreamHandler[TextIO]):
    """Writes to standard output where a process serves or works, and leaves it to the answer of a command."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # looked up each time, for it may be replaced
        return sys.stdout if process.role else sys.stderr

    @property
    def lines(self) -> JsonLines:
        """The formatter, where it writes JSON."""
        assert isinstance(self.formatter, JsonLines)
        return self.formatter

    @property
    def constants(self) -> dict[str, str]:
        """What every line says of this process."""
        return {
            name: value
            for each in self.filters
            if isinstance(each, ContextFilter)
            for name, value in each.constants.items()
        }


class AccessLines:
    """Writes the line of each request: as the handler would, and past it.

    The machinery of logging costs three times as much as the line, and each request pays it.
    """

    def __init__(self) -> None:
        self._logger = logging.getLogger("access")
        self._handler: Lines | None = None
        self._constants: dict[str, str] = {}

    @property
    def are_wanted(self) -> bool:
        return self._logger.isEnabledFor(logging.INFO)

    def write(self, fields: dict[str, Any], ids: dict[str, Any]) -> None:
        """Write one line; where lines are no JSON, or handlers are not ours, they are left to logging."""
        handler = self._handler or self._find()
        if handler is None:
            self._logger.info(fields)
            return
        now = time.time()
        head = {"time": handler.lines.when(now, int(now % 1 * 1000)), "level": "INFO", "logger": "access"}
        text = handler.lines.encode({**head, **fields, **ids, **self._constants})
        with handler.lock or nullcontext():
            handler.stream.write(f"{text}\n")
            handler.flush()

    def _find(self) -> "Lines | None":
        """Find our handler, when it is the only one and writes JSON."""
        handlers = [*self._logger.handlers, *(logging.getLogger().handlers if self._logger.propagate else ())]
        if len(handlers) == 1 and isinstance(handlers[0], Lines) and isinstance(handlers[0].formatter, JsonLines):
            self._handler, self._constants = handlers[0], handlers[0].constants
        return self._handler


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
