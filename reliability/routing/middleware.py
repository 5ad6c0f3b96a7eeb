"""What routing does for a request: its state, its token in and out, and what it is told when writes are closed.

`RoutingMiddleware` stands near the top. `WriteGateMiddleware` stands last, below sessions and the check of forms, so
that what it sends back was really posted by the person who reads it.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from reliability.routing import answers, carrying, current, failing, metrics, session
from reliability.routing.decision import REPLICA
from reliability.routing.driver_errors import first_line
from reliability.routing.gate import gate
from reliability.routing.introduction import about
from reliability.routing.levels import SAFE_METHODS, level_of
from reliability.routing.losses import format_position
from reliability.routing.mode import Mode
from reliability.routing.session import RequestState
from reliability.telemetry.current import note

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = TypeVar("View", bound=Callable[..., Any])


class RoutingMiddleware:
    """Gives each request its state, and its answer the token and the headers that say who answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._is_inert = REPLICA not in settings.DATABASES
        options = current.options()
        here = f"{options.region or 'local'}/{options.colour}"
        self._served_by = {role: f"{here}/{role}" for role in ("primary", "replica", "none")}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._is_inert:
            response = self.get_response(request)
            response.headers["X-Served-By"] = self._served_by["primary"]
            return response
        snapshot, state = current.snapshot(), RequestState()
        token = carrying.presented(request, snapshot, now=time.time())
        if token is not None:
            state.position, state.issued_at = token.position, token.issued_at
        state.is_safe = request.method in SAFE_METHODS
        state.level = level_of(request.method, request.path_info, options=current.options(), snapshot=snapshot)
        begun = session.begin(state)  # By hand: as a context manager it would cost as much as all of the above.
        try:
            response = self.get_response(request)
            headers, served = response.headers, state.served
            headers["X-Served-By"] = self._served_by[served.role if served is not None else "none"]
            if served is not None:
                took = state.database_seconds * 1000
                headers["Server-Timing"] = f'db;desc="{served.node}";dur={took:.1f}, route;desc="{served.reason}"'
                note(node=served.node)
            if state.status is not None:
                headers["X-Consistency-Status"] = state.status
            if token is not None or state.has_written:
                carrying.finish(request, response, state, token)
                if state.commit is not None:
                    note(commit_position=format_position(state.commit))
            return response
        finally:
            session.end(begun)


class WriteGateMiddleware:
    """Lets writes wait for a new primary, refuses them when none comes, and tells what became of those under way."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._is_inert = REPLICA not in settings.DATABASES

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not self._is_inert and current.snapshot().mode is not Mode.NORMAL and request.method in SAFE_METHODS:
            _leave_session(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Hold or refuse what may write, before its view begins."""
        if self._is_inert or request.method in SAFE_METHODS:
            return None
        if getattr(view, "only_reads", False):
            _treat_as_safe(request)
            return None
        refusal = gate.enter(route=_route(request))
        if refusal is None:
            _introduce(request)
            return None
        metrics.writes_refused.labels(refusal.value, _route(request)).inc()
        return answers.answer(request, answers.Problem.READ_ONLY)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer for a request that failed because its node did; everything else is left alone."""
        state = session.current()
        if self._is_inert or state is None:
            return None
        if failing.is_captured_write(error, state):
            return _run_again(request, state)
        problem = failing.problem_of(error, state)
        if problem is None:
            return None
        if problem is answers.Problem.READ_ONLY:
            metrics.writes_refused.labels("failed", _route(request)).inc()
        return answers.answer(request, problem, because=f"{type(error).__name__}: {first_line(error)}")


def only_reads(view: View) -> View:
    """Mark a view that changes nothing although it answers POST (a search with a long body): it is never held."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def _run_again(request: HttpRequest, state: RequestState) -> HttpResponseBase | None:
    """Run the view of a captured write once more, on the primary; it is a fault to be mended, so it is reported."""
    what_to_do, route = current.options().captured_writes, _route(request)
    metrics.captured_writes.labels(what_to_do, route).inc()
    logger.warning("%s writes although its method is %s", route, request.method)
    match = request.resolver_match
    if what_to_do == "error" or match is None:
        return None
    state.pin()
    _introduce(request)
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


def _introduce(request: HttpRequest) -> None:
    """Have what this request writes remembered with its name, for the report of what a failover loses."""
    state = session.current()
    if state is not None:
        state.about = partial(about, request, route=_route(request))


def _treat_as_safe(request: HttpRequest) -> None:
    state = session.current()
    if state is not None:
        state.is_safe = True
        state.level = level_of("GET", request.path_info, options=current.options(), snapshot=current.snapshot())


def _leave_session(request: HttpRequest) -> None:
    """Let a page be shown although its session cannot be saved now; nothing in it is worth an error."""
    kept = getattr(request, "session", None)
    if kept is not None and kept.modified:
        kept.modified = False
        metrics.writes_refused.labels("session", _route(request)).inc()


def _route(request: HttpRequest) -> str:
    """Name the route as it is declared: paths would be too many."""
    match = request.resolver_match
    return (match.route if match is not None else "") or "/"
