"""What does a stored flag do in every region and for every colour? For the list, and for the command."""

from datetime import datetime

from reliability.flags.configuration import colours, constants, regions
from reliability.flags.glance import Matrix, matrix
from reliability.flags.models import Flag
from reliability.flags.queries import as_row


def state_of(flag: Flag, *, now: datetime) -> Matrix:
    """Give what a flag does in every region and for every colour."""
    return matrix(as_row(flag), regions=regions(), colours=colours(), constants=constants(), now=now)


def state_in_words(flag: Flag, *, now: datetime) -> str:
    """Say what a flag does; each of its states, where it does not do the same everywhere: `killed / on`."""
    return " / ".join(state.text for state in state_of(flag, now=now).different)
