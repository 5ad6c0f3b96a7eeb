"""How soon is somebody called, and when does everybody sleep? Measured over made-up traffic, as designed."""

from pathlib import Path

import pytest

from tests.integration.slo import promtool

pytestmark = pytest.mark.sqlite  # No database is asked: once is enough.
BEFORE = 240
"""Minutes of traffic without errors that come first; then the errors begin."""
ANSWERS = (
    'http_server_request_duration_seconds_count{slo_class="public",region="eu-west",http_response_status_code="%s"}'
)
OBJECTIVE = "public-availability"
PAGE = 'ALERTS{alertname="SloPublicAvailabilityPage",alertstate="firing"}'
TICKET = 'ALERTS{alertname="SloPublicAvailabilityTicket",alertstate="firing"}'


def traffic(share: float, *, minutes: int, per_minute: float = 6000) -> dict[str, str]:
    """Let a share of the answers fail, after four hours without a failure."""
    bad, good = per_minute * share, per_minute * (1 - share)
    return {
        ANSWERS % 200: f"0+{per_minute:g}x{BEFORE} {per_minute * BEFORE + good:.10g}+{good:.10g}x{minutes}",
        ANSWERS % 503: f"0x{BEFORE} {bad:.10g}+{bad:.10g}x{minutes}",
    }


def minutes_to(alert: str, series: dict[str, str], folder: Path, *, within: int, every: str = "1m") -> float | None:
    """Give the minutes from the first failure to the alert; None: it was not raised."""
    first = f"min(min_over_time(timestamp({alert})[{within}m:30s]))"
    [found] = promtool.values(folder, series, [(first, f"{BEFORE + within}m")], every=every, objective=OBJECTIVE)
    return None if found is None else found / 60 - BEFORE


@pytest.mark.parametrize(("share", "limit"), [(1.0, 3), (0.1, 12), (0.02, 46), (0.01, 225)])
def test_somebody_is_called_in_time(share: float, limit: int, tmp_path: Path) -> None:
    taken = minutes_to(PAGE, traffic(share, minutes=limit + 10), tmp_path, within=limit + 10, every="30s")

    print(f"{share:.0%} errors: page after {taken} min, at most {limit}")
    assert taken is not None
    assert 0 < taken <= limit


@pytest.mark.parametrize("share", [0.005, 0.001, 0.0005])
def test_nobody_is_called_for_a_slow_burn_or_none(share: float, tmp_path: Path) -> None:
    assert minutes_to(PAGE, traffic(share, minutes=400), tmp_path, within=400) is None


def test_nobody_hears_of_less_than_the_budget(tmp_path: Path) -> None:
    assert minutes_to(TICKET, traffic(0.0005, minutes=400), tmp_path, within=400) is None


@pytest.mark.parametrize("per_hour", [30, 200])
def test_nobody_is_called_for_nine_errors_in_an_hour(per_hour: int, tmp_path: Path) -> None:
    """At thirty requests an hour, nine errors are 30 %: a rule without a minimum would call for the first one."""
    series = {ANSWERS % 200: f"0+{per_hour / 60:g}x360", ANSWERS % 500: f"0x{BEFORE} 1+1x8 9x100"}

    assert minutes_to(PAGE, series, tmp_path, within=100) is None


def test_a_tenth_error_calls_somebody(tmp_path: Path) -> None:
    series = {ANSWERS % 200: "0+0.5x360", ANSWERS % 500: f"0x{BEFORE} 1+1x9 10x100"}

    assert minutes_to(PAGE, series, tmp_path, within=100) is not None


def test_without_errors_the_share_is_nothing_and_without_traffic_there_is_none(tmp_path: Path) -> None:
    ratio = 'slo:bad_ratio:rate5m{slo="public-availability"}'

    found = promtool.values(
        tmp_path, {ANSWERS % 200: "0+60x60 3600x60"}, [(ratio, "30m"), (ratio, "110m")], objective=OBJECTIVE
    )

    assert found == [0, None]


def test_the_budget_weighs_by_traffic(tmp_path: Path) -> None:
    """A quiet hour full of errors is worth less than a busy one: 60 of 60,060 events, not half of the hours."""
    series = {ANSWERS % 200: "0+1000x60 60000x60", ANSWERS % 500: "0x60 0+1x60"}
    left = 'slo_error_budget_remaining_ratio{slo="public-availability"}'

    [found] = promtool.values(tmp_path, series, [(left, "120m")], every="5m", objective=OBJECTIVE)

    assert found == pytest.approx(1 - 60 / 60_060 / 0.001, abs=0.05)
