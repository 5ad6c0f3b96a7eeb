"""Django's sessions in the database, where a reader gets the page although the session cannot be saved now.

SESSION_ENGINE = "reliability.routing.sessions"
"""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError, InterfaceError

from reliability.routing import failing, metrics, session


class SessionStore(DatabaseStore):
    """Leaves a session as it was when a request that only reads cannot save it: nothing in it is worth an error."""

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except (DatabaseError, InterfaceError, UpdateError) as error:
            # Django hides what went wrong with a session that exists, and answers 400.
            reason = error.__context__ if isinstance(error, UpdateError) else error
            state = session.current()
            if state is None or not state.is_safe or failing.failure_of(reason) not in failing.NODE_FAILURES:
                raise
            metrics.writes_refused.labels("session", "").inc()
