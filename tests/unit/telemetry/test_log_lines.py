"""A log line is one JSON object: what was meant to be said, and to which request it belongs."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from reliability.telemetry import current, process
from reliability.telemetry.current import Work
from reliability.telemetry.logs import AccessLines, ContextFilter, JsonLines, Lines, of_this_thread

TRACE = 0x0AF7651916CD43DD8448EB211C80319C


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work(TRACE, "r-1", span_id=5, route="reset/<str:token>/")
    current.begin(made)
    yield made
    current.end()


def written(message: object, *args: object, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("shop", logging.WARNING, __file__, 1, message, args, extra.pop("exc_info", None))  # type: ignore[arg-type]
    record.__dict__.update(extra)
    ContextFilter(region="eu-west", colour="green", release="2.4.0").filter(record)
    line = JsonLines().format(record)
    assert "\n" not in line
    return dict(json.loads(line))


def test_it_says_when_how_bad_from_where_and_what() -> None:
    line = written("%s is empty", "the harbour")

    assert str(line.pop("time")).endswith("Z")
    assert line == {
        "level": "WARNING",
        "logger": "shop",
        "message": "the harbour is empty",
        "region": "eu-west",
        "colour": "green",
        "release": "2.4.0",
    }


def test_it_names_the_request_that_it_belongs_to(work: Work) -> None:
    line = written("hello")

    assert {name: line[name] for name in ("trace_id", "span_id", "trace_sampled", "request_id")} == {
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "0000000000000005",
        "trace_sampled": False,
        "request_id": "r-1",
    }


def test_members_of_a_message_are_members_of_the_line() -> None:
    assert written({"message": "request", "status": 200, "path": "/über/"})["path"] == "/über/"


def test_a_traceback_is_in_it() -> None:
    try:
        raise RuntimeError("on purpose")
    except RuntimeError:
        line = written("broken", exc_info=sys.exc_info())

    assert "RuntimeError: on purpose" in str(line["exc_info"])


def test_what_a_library_adds_is_left_out() -> None:
    line = written("Not Found", request="<WSGIRequest: GET '/?password=secret'>", data={"args": "secret"})

    assert "secret" not in str(line)


def test_a_secret_path_is_left_out(work: Work) -> None:
    work.hides_path = True

    assert written("%s: %s", "Gone", "/reset/secret/")["message"] == "Gone: /reset/<str:token>/"


@pytest.mark.parametrize(("role", "name"), [("web", "out"), ("", "err")])
def test_a_command_keeps_its_output_free(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], role: str, name: str
) -> None:
    monkeypatch.setattr(process, "role", role)

    Lines().handle(logging.LogRecord("shop", logging.INFO, __file__, 1, "hello", (), None))

    captured = capsys.readouterr()
    assert getattr(captured, name) == "hello\n"
    assert captured.out + captured.err == "hello\n"


def test_capabilities_add_to_the_line_of_their_request(work: Work) -> None:
    current.note(node="eu-1")

    assert work.fields == {"node": "eu-1"}


def test_outside_of_a_request_there_is_nothing_to_add_to() -> None:
    current.note(node="eu-1")

    assert current.request_id() == ""


def test_an_access_line_past_the_machinery_is_the_line_of_the_machinery(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    work: Work,
) -> None:
    handler = Lines()
    handler.setFormatter(JsonLines())
    handler.addFilter(ContextFilter(region="eu-west"))
    access = logging.getLogger("access")
    monkeypatch.setattr(access, "handlers", [handler])
    monkeypatch.setattr(access, "propagate", False)
    fields = {"message": "request", "status": 200}

    AccessLines().write(fields, of_this_thread())
    with caplog.at_level(logging.INFO, "access"):
        access.info(fields)

    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert ours.keys() == theirs.keys()
    assert ours | {"time": ""} == theirs | {"time": ""}


def test_an_access_line_is_left_to_logging_where_handlers_are_not_ours(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "access"):
        AccessLines().write({"message": "request", "status": 200}, {})

    assert "'status': 200" in caplog.text
