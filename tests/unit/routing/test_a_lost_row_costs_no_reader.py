"""The row of the current epoch is away, for somebody has emptied the table: who still reads?"""

from reliability.routing.assessment import Assessor, Sighting
from reliability.routing.options import Options
from reliability.routing.topology import Address
from tests.unit.routing.answers import epoch, standby, writable

FIRST = epoch(1, "aaaa", "us-1")
NODES = tuple(Address(name, "127.0.0.1", 5432, "here") for name in ("us-1", "eu-1"))


def test_the_primary_is_read_until_its_row_is_back() -> None:
    ours = Assessor(Options(nodes=NODES), now=0.0)
    with_row, without = (Sighting(answer, is_up=True, reason="") for answer in (writable(1, FIRST), writable(1)))
    follower, bare = (Sighting(answer, is_up=True, reason="") for answer in (standby(FIRST), standby()))
    ours.assess({"us-1": with_row, "eu-1": follower}, now=10.0)

    assessment = ours.assess({"us-1": without, "eu-1": bare}, now=11.0)

    assert [node.name for node in assessment.snapshot.readable] == ["us-1"]
    assert assessment.to_record == FIRST
