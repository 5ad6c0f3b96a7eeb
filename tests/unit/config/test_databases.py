"""What follows for routing from the settings of the web server."""

from cms.config import databases
from cms.config.env import read

POSTGRES = {"CMS_DATABASE_URL": "postgres://cms@127.0.0.1/cms"}


def test_writes_may_wait_in_a_share_of_the_slots() -> None:
    _, routing = databases.build(read({**POSTGRES, "CMS_REQUEST_SLOTS": "12"}))

    assert routing["THREADS"] == 12


def test_an_operator_may_say_otherwise() -> None:
    _, routing = databases.build(read({**POSTGRES, "CMS_REQUEST_SLOTS": "12", "CMS_ROUTING_THREADS": "6"}))

    assert routing["THREADS"] == 6
