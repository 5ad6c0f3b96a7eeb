"""`manage.py trace` prints a header that has a request traced."""

import time
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from reliability.telemetry.sampling import is_wish


def test_it_prints_a_header_that_holds_for_its_time() -> None:
    printed, told = StringIO(), StringIO()

    call_command("trace", "--minutes", "5", stdout=printed, stderr=told)

    name, wish = printed.getvalue().strip().split(": ")
    assert name == "X-Debug-Trace"
    assert is_wish(wish, now=time.time() + 290, keys=[settings.SECRET_KEY])
    assert not is_wish(wish, now=time.time() + 310, keys=[settings.SECRET_KEY])
    assert "CMS_OTLP_ENDPOINT" in told.getvalue()


@pytest.mark.parametrize("minutes", ["0", "1441"])
def test_it_does_not_hold_for_ever(minutes: str) -> None:
    with pytest.raises(CommandError, match="from 1 to 1440"):
        call_command("trace", "--minutes", minutes)
