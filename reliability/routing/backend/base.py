"""Django's PostgreSQL backend, with the node chosen below the ORM: the ENGINE of the aliases `default` and `replica`.

An alias is a role. A connection is taken from the pool of a node when the first query needs one, and given back at the
end of the request. Works without requests too, in commands and threads.
"""

from typing import Any

from django.db.backends.utils import debug_transaction
from django.db.utils import DatabaseError, InterfaceError
from psycopg import pq

from reliability.limits.deadline import remaining
from reliability.routing import current, losses, metrics, prober, session
from reliability.routing.backend import bounds, reactions
from reliability.routing.backend.attempts import Attempt
from reliability.routing.backend.budget import retry_budget
from reliability.routing.backend.commit import CommitUnknown, commit
from reliability.routing.backend.connection import position_of
from reliability.routing.backend.creation import DatabaseCreation
from reliability.routing.backend.cursor import RetryingCursor, RetryingDebugCursor, metered_by
from reliability.routing.backend.failures import Failure, classify, may_write
from reliability.routing.backend.leasing import LeasingWrapper
from reliability.routing.backend.operations import DatabaseOperations
from reliability.routing.current import options
from reliability.routing.decision import PRIMARY
from reliability.routing.mode import Mode
from reliability.routing.position import Position

STILL_USABLE = frozenset({Failure.CONFLICT, Failure.LOCKED, Failure.SLOW})
"""After these the connection works on, though the query did not."""
reactions.begin()


class DatabaseWrapper(LeasingWrapper):
    """One role of the cluster in one thread."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
    RETRIED = (DatabaseError, InterfaceError)

    # Transactions

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.alias == PRIMARY:
            if autocommit:
                session.transaction_closed()
            else:
                session.transaction_opened()
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it

    def _commit(self) -> None:
        if self._lease is None:
            super()._commit()  # type: ignore[misc]  # the stubs lack it
            return
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            try:
                if self._lease.connection.is_bound:  # A commit is not hurried: cut short, it would be one in doubt.
                    bounds.release(self._lease.connection)
                lsn = commit(self._lease.connection)
            except CommitUnknown as unknown:
                self._note_unknown(type(unknown).__name__)
                raise
        if lsn is not None:
            self._note_commit(lsn)

    def _note_commit(self, lsn: int) -> None:
        position = self._position(lsn)
        if (state := session.current()) is not None:
            state.note_commit(position)
        losses.acknowledge(position)

    def _note_unknown(self, reason: str) -> None:
        metrics.commits_unknown.labels(reason, "").inc()
        if (state := session.current()) is not None:
            state.has_committed = True  # It may have, so nothing is run a second time.
        if self._lease is not None:
            prober.look_now(self._lease.node.name)

    def read_position(self) -> Position | None:
        """Ask how far the node of this thread's connection is; one round trip. None: this thread holds none."""
        if self._lease is None:
            return None
        with self.wrap_database_errors:
            return self._position(position_of(self._lease.connection))

    def _position(self, lsn: int) -> Position:
        lease = self._lease
        assert lease is not None, "a position belongs to a connection"
        identity, epoch = lease.connection.identity, current.snapshot().epoch
        if epoch is not None and epoch.timeline == identity.timeline:
            return Position(epoch.timeline, lsn, epoch.mark)
        return Position(identity.timeline, lsn)

    # Cursors, and running again

    def prepared_cursor(self) -> Any:
        """Give a cursor for a statement that is run again and again: the server plans it once for each connection.

        Values travel beside the statement, so it has to leave no doubt about their types (`CAST(%s AS text)`).
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(self._new_cursor(prepares=True))  # type: ignore[attr-defined]  # the stubs lack it

    def _new_cursor(self, *, prepares: bool) -> Any:
        if not prepares:
            return self.create_cursor()
        return metered_by(self.connection.node, prepares=True)(self.connection)

    def make_cursor(self, cursor: Any) -> Any:
        return RetryingCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> Any:
        return RetryingDebugCursor(cursor, self)

    def begin_statement(self, *, prepares: bool = False) -> Attempt:
        """Note where this statement stands, before it runs."""
        state = session.current()
        if state is not None and state.served is None and self._lease is not None:
            state.served = self._lease.served  # It was taken before the request began, as tests do.
        if self._lease is not None:
            bounds.bind(self._lease.connection, self.role)
        is_first = self.connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
        return Attempt(self.role, is_autocommit=self.autocommit, is_first=is_first, prepares=prepares)

    def end_statement(self, sql: Any, attempt: Attempt) -> None:
        """Note a write outside of a transaction: its position is asked for once, at the end of the request."""
        if attempt.role == PRIMARY and attempt.is_autocommit and may_write(str(sql)):
            state = session.current()
            if state is not None:
                state.autocommit_wrote = True

    def recover(self, error: Exception, *, sql: Any, attempt: Attempt) -> Any:
        """Give a cursor on another connection, when the statement may run again there.

        Raises the error when it may not; CommitUnknown when a write outside of a transaction lost its connection.
        """
        lease = self._lease
        failure = self._classify(error)
        if lease is None or failure is Failure.OTHER:
            raise error
        if failure in (Failure.LOST, Failure.READ_ONLY, Failure.PLAN):
            reactions.report(lease.node.name, failure)
        state = session.current()
        attempt.is_early_read = state is not None and not state.has_written and not may_write(str(sql))
        if not self._may_rerun(attempt, failure):
            self._give_up(error, failure, sql=str(sql), attempt=attempt)
        attempt.note(failure, node=lease.node.name)
        metrics.retries.labels(lease.node.name, self.role, failure).inc()
        return self._cursor_elsewhere(attempt, is_usable=failure in STILL_USABLE)

    def _classify(self, error: Exception) -> Failure:
        is_broken = self.connection is None or self.connection.pgconn.status != pq.ConnStatus.OK
        return classify(sqlstate=getattr(error.__cause__, "sqlstate", None), is_broken=is_broken)

    def _may_rerun(self, attempt: Attempt, failure: Failure) -> bool:
        if not attempt.may_rerun(failure, limit=options().retry_limit) or remaining() == 0.0:
            return False
        if failure is Failure.READ_ONLY and current.snapshot().mode is Mode.READ_ONLY:
            return False  # Everywhere it is the same.
        return retry_budget().take()

    def _give_up(self, error: Exception, failure: Failure, *, sql: str, attempt: Attempt) -> None:
        """Raise what the caller can act on; outside of a transaction the next query gets a new connection."""
        is_unknown = failure is Failure.LOST and self.role == PRIMARY and attempt.is_autocommit and may_write(sql)
        node = self.node.name if self.node else ""
        if failure is Failure.LOST and not self.in_atomic_block:
            self.close()
        if is_unknown:
            self._note_unknown("autocommit")
            raise CommitUnknown(f"The connection to {node} was lost during a write.") from error
        raise error

    def _cursor_elsewhere(self, attempt: Attempt, *, is_usable: bool) -> Any:
        lease, self._lease = self._lease, None
        assert lease is not None, "recover checked it"
        is_idle = lease.connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
        lease.end(is_usable=is_usable and is_idle)
        is_last = attempt.count >= options().retry_limit
        self.connection = None
        with self.wrap_database_errors:
            self.connection = self._take(without=frozenset(attempt.failed), is_last=is_last)
            self.connection.autocommit = self.autocommit
            bounds.bind(self.connection, self.role)
            self.errors_occurred = False
            return self._new_cursor(prepares=attempt.prepares)
