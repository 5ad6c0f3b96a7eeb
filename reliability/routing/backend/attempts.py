"""May this statement run again on another connection? Pure, but for the deadline and the budget that it is given."""

from dataclasses import dataclass, field

from reliability.routing.backend.failures import ELSEWHERE, Failure
from reliability.routing.decision import REPLICA, Role


@dataclass(slots=True)
class Attempt:
    """One statement on its way through the nodes."""

    role: Role
    is_autocommit: bool
    is_first: bool
    """No statement of this transaction has run before; true in autocommit."""
    prepares: bool = False
    """By a cursor that lets the server keep the statement prepared."""
    count: int = 1
    """Runs until now, the present one included."""
    failed: set[str] = field(default_factory=set)
    """Nodes on which it failed."""
    was_slow: bool = False
    is_early_read: bool = False
    """It only reads, in a request that has written nothing yet: before its view, say, to learn who is signed in."""

    def may_rerun(self, failure: Failure, *, limit: int) -> bool:
        """Tell whether it is safe and sensible to run the statement again after this failure.

        A read outside of a transaction goes elsewhere, up to `limit` runs; a canceled one once. On the primary, only
        what surely left no trace runs again, once: nothing of a transaction that met a read-only node with its first
        statement, or lost its connection there, can have been committed. An early read neither has: without it, a
        form that is sent while the primary dies would fail before anybody can keep it.
        """
        if self.role == REPLICA:
            return (
                self.is_autocommit and failure in ELSEWHERE and self.count < limit and not self._is_slow_again(failure)
            )
        if self.count > 1 or not self.is_first:
            return False
        return failure is Failure.READ_ONLY or (
            failure is Failure.LOST and (self.is_early_read or not self.is_autocommit)
        )

    def note(self, failure: Failure, *, node: str) -> None:
        """Record a failed run."""
        self.count += 1
        self.failed.add(node)
        self.was_slow = self.was_slow or failure is Failure.SLOW

    def _is_slow_again(self, failure: Failure) -> bool:
        return failure is Failure.SLOW and self.was_slow
