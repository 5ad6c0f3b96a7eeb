"""Which cluster is this, when the nodes that are configured are of different ones?"""

from reliability.routing.assessment import Assessor, Sighting
from reliability.routing.options import Options
from reliability.routing.topology import Address, Snapshot
from tests.unit.routing.answers import epoch, standby, writable

FIRST = epoch(1, "aaaa", "us-1")
ADDRESSES = tuple(Address(name, "127.0.0.1", 5432, "here") for name in ("us-1", "eu-1", "ap-1"))
OURS, STRANGE = (
    Sighting(writable(1, FIRST), is_up=True, reason=""),
    Sighting(writable(1, system_id="42"), is_up=True, reason=""),
)
FOLLOWER = Sighting(standby(FIRST), is_up=True, reason="")
DOWN, UNKNOWN = Sighting(reason="Connection refused"), Sighting()


def assess(assessor: Assessor, *sightings: Sighting) -> Snapshot:
    named = {address.name: sighting for address, sighting in zip(ADDRESSES, sightings, strict=True)}
    return assessor.assess(named, now=10.0).snapshot


def assessor() -> Assessor:
    return Assessor(Options(nodes=ADDRESSES), now=0.0)


def test_a_stranger_that_answers_first_is_refused_all_the_same() -> None:
    ours = assessor()
    early = assess(ours, UNKNOWN, STRANGE, UNKNOWN)

    snapshot = assess(ours, OURS, STRANGE, FOLLOWER)

    assert early.primary is None
    assert snapshot.primary == "us-1"
    assert snapshot.by_name["eu-1"].is_fenced


def test_without_the_first_address_the_majority_decides() -> None:
    others = Sighting(standby(FIRST), is_up=True, reason="")

    snapshot = assess(Assessor(Options(nodes=ADDRESSES), now=0.0), DOWN, FOLLOWER, others)

    assert [node.is_fenced for node in snapshot.nodes] == [False, False, False]
    assert snapshot.system_id == FIRST.system_id


def test_a_process_that_reaches_only_one_of_three_starts_read_only() -> None:
    snapshot = assess(assessor(), OURS, DOWN, DOWN)

    assert (snapshot.mode, snapshot.mode_reason) == ("read_only", "minority")


def test_a_process_that_has_seen_most_goes_on_when_they_are_gone() -> None:
    ours = assessor()
    assess(ours, OURS, FOLLOWER, DOWN)

    assert assess(ours, OURS, DOWN, DOWN).mode == "normal"
