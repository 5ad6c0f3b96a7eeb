"""What is traced is decided once, and the same everywhere."""

import pytest
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased

from reliability.telemetry.sampling import Parent, decide, is_in_share, is_wish, parent_of, sign_wish

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize(
    ("header", "is_sampled"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-03", True),
        (f"01-{TRACE}-{SPAN}-01-more", True),
    ],
)
def test_a_parent_is_read(header: str, is_sampled: bool) -> None:
    assert parent_of(header) == Parent(int(TRACE, 16), int(SPAN, 16), is_sampled)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00-1-2-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
    ],
)
def test_what_breaks_the_rules_is_no_parent(header: str | None) -> None:
    assert parent_of(header) is None


def test_a_wish_comes_before_a_parent_and_a_parent_before_the_share() -> None:
    unsampled, sampled = Parent(1, 1, is_sampled=False), Parent(1, 1, is_sampled=True)

    assert decide(1, parent=unsampled, is_wished=True, ratio=0) is True
    assert decide(1, parent=sampled, is_wished=False, ratio=0) is True
    assert decide(1, parent=unsampled, is_wished=False, ratio=1) is False
    assert decide(1, parent=None, is_wished=False, ratio=1) is True
    assert decide(1, parent=None, is_wished=False, ratio=0) is False


@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.5, 1.0])
def test_the_share_is_that_of_the_library(ratio: float) -> None:
    sampler = TraceIdRatioBased(ratio)
    traces = [number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128) for number in range(1, 2_000)]

    theirs = [sampler.should_sample(None, trace, "").decision is Decision.RECORD_AND_SAMPLE for trace in traces]

    assert [is_in_share(trace, ratio) for trace in traces] == theirs
    assert abs(sum(theirs) / len(theirs) - ratio) < 0.05


def test_a_wish_holds_for_its_key_and_time() -> None:
    wish = sign_wish(until=1_000, key="new")

    assert is_wish(wish, now=999, keys=["new"])
    assert is_wish(wish, now=999, keys=["newer", "new"])
    assert not is_wish(wish, now=1_001, keys=["new"])
    assert not is_wish(wish, now=999, keys=["other"])


@pytest.mark.parametrize("text", [None, "", ".", "9999", "9999.", "x.y", "９.x", "9" * 400 + ".x", "9999.\u00fc"])
def test_anything_else_is_no_wish(text: str | None) -> None:
    assert not is_wish(text, now=0, keys=["new"])


def test_a_wish_cannot_be_made_longer() -> None:
    signature = sign_wish(until=1_000, key="new").partition(".")[2]

    assert not is_wish(f"2000.{signature}", now=999, keys=["new"])
