"""Did a history keep its promises? Each checker gives the operations that broke one; none is good.

Registers belong to one user each, who writes growing numbers. `lost` holds the (user, number) of acknowledged writes
that were reported to their users as lost: nobody expects to see those any more.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reliability.lab.history import Kind, Operation, Outcome

ANSWERED = {Outcome.OK, Outcome.MARKED}
Lost = Collection[tuple[str, int]]


@dataclass(frozen=True)
class Availability:
    """How well operations were answered, over the time from the first to the last."""

    total: int
    failed: int
    longest_gap_seconds: float
    """The longest time without an answer."""
    slowest_seconds: float
    """Of an operation, whatever its outcome."""

    @property
    def percent(self) -> float:
        return 100 * (1 - self.failed / self.total) if self.total else 100.0


def stale_own_reads(history: Iterable[Operation], *, lost: Lost = ()) -> list[Operation]:
    """Find reads that show less than their user had written, and been told so, before the read began."""
    return [
        read
        for operations in _by_user(history)
        for read, least in _with_least(operations, promised_by=Kind.WRITE, lost=frozenset(lost))
        if read.number < least
    ]


def backward_reads(history: Iterable[Operation], *, lost: Lost = ()) -> list[Operation]:
    """Find reads that show less than an earlier read of the same user, which had ended when they began."""
    return [
        read
        for operations in _by_user(history)
        for read, least in _with_least(operations, promised_by=Kind.READ, lost=frozenset(lost))
        if read.number < least
    ]


def forked_lists(history: Iterable[Operation], *, final: Sequence[int]) -> list[Operation]:
    """Find reads of the list that are no beginning of the final one: two histories existed at once."""
    reads = (operation for operation in history if operation.kind is Kind.LIST and operation.outcome is Outcome.OK)
    return [read for read in reads if isinstance(read.value, list) and read.value != list(final[: len(read.value)])]


def vanished_writes(
    history: Iterable[Operation], *, final: Collection[int], reported: Collection[int] = ()
) -> set[int]:
    """Find values whose APPEND was acknowledged, and which are neither in the final list nor reported as lost."""
    acknowledged = {
        operation.number for operation in history if operation.kind is Kind.APPEND and operation.outcome is Outcome.OK
    }
    return acknowledged - set(final) - set(reported)


def writes_of_a_zombie(history: Iterable[Operation], *, node: str, since: float) -> list[Operation]:
    """Find writes that began after `since` and were acknowledged by `node`, which was fenced then."""
    return [
        operation
        for operation in history
        if operation.kind in {Kind.WRITE, Kind.APPEND}
        and operation.outcome is Outcome.OK
        and operation.node == node
        and operation.started > since
    ]


def availability(history: Iterable[Operation], *, kinds: Collection[Kind]) -> Availability:
    """Sum up how operations of these kinds were answered."""
    operations = [operation for operation in history if operation.kind in kinds]
    if not operations:
        return Availability(total=0, failed=0, longest_gap_seconds=0.0, slowest_seconds=0.0)
    answers = sorted(operation.ended for operation in operations if operation.outcome in ANSWERED)
    first, last = min(operation.started for operation in operations), max(operation.ended for operation in operations)
    return Availability(
        total=len(operations),
        failed=sum(operation.outcome not in ANSWERED for operation in operations),
        longest_gap_seconds=max(later - earlier for earlier, later in pairwise([first, *answers, last])),
        slowest_seconds=max(operation.ended - operation.started for operation in operations),
    )


def _by_user(history: Iterable[Operation]) -> Iterable[list[Operation]]:
    users: dict[str, list[Operation]] = defaultdict(list)
    for operation in history:
        if operation.outcome is Outcome.OK and operation.kind in {Kind.WRITE, Kind.READ}:
            users[operation.user].append(operation)
    return users.values()


def _with_least(
    operations: Iterable[Operation], *, promised_by: Kind, lost: frozenset[tuple[str, int]]
) -> Iterator[tuple[Operation, int]]:
    """Give each read of one user with the least number it must show: the highest promised before it began."""
    promises = [operation for operation in operations if operation.kind is promised_by]
    promises = [promise for promise in promises if (promise.user, promise.number) not in lost]
    ended = deque(sorted(promises, key=lambda promise: promise.ended))
    least = 0
    reads = (operation for operation in operations if operation.kind is Kind.READ)
    for read in sorted(reads, key=lambda read: read.started):
        while ended and ended[0].ended <= read.started:
            least = max(least, ended.popleft().number)
        yield read, least
