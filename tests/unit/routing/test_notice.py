"""While nothing can be saved, pages say so, and how old what they show is."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import render_to_string

from reliability.routing.mode import Mode
from reliability.routing.notice import Notice, notice
from tests.unit.routing.samples import node, primary, snapshot

NOW = datetime(2030, 1, 2, 12, 0, 30, tzinfo=UTC)
CLOSED: dict[str, Any] = {"mode": Mode.READ_ONLY, "mode_reason": "no_primary", "primary": None}


@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.WRITE_HOLD, Mode.RECOVERING])
def test_a_page_that_can_be_saved_soon_says_nothing(mode: Mode) -> None:
    assert notice(snapshot(primary(), mode=mode), now=NOW) is None


def test_the_newest_data_that_can_be_read_counts() -> None:
    picture = snapshot(node("eu-1", staleness_seconds=90.0), node("ap-1", staleness_seconds=30.0), **CLOSED)

    assert notice(picture, now=NOW) == Notice(datetime(2030, 1, 2, 12, 0, tzinfo=UTC), "no_primary")


def test_an_age_that_is_not_known_is_left_out() -> None:
    picture = snapshot(node("eu-1", staleness_seconds=float("inf")), **CLOSED)

    assert notice(picture, now=NOW) == Notice(None, "no_primary")


def test_the_sentence_stands_on_the_page_only_when_there_is_one() -> None:
    shown = render_to_string("routing/notice.html", {"routing_notice": Notice(NOW, "no_primary")})

    assert "Nothing can be saved at the moment; everything can be read." in shown
    assert "What you see is as of 12:00:30." in shown
    assert render_to_string("routing/notice.html", {"routing_notice": None}).strip() == ""
