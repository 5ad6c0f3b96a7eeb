"""Times are written as Prometheus reads them, also when they are compressed."""

import pytest

from reliability.slo.windows import DAY, HOUR, MINUTE, Scale, label


@pytest.mark.parametrize(
    ("compress", "seconds", "expected"),
    [
        (1, 5 * MINUTE, "5m"),
        (1, 90, "90s"),
        (1, 30 * DAY, "30d"),
        (60, HOUR, "1m"),
        (60, 5 * MINUTE, "5s"),
        (120, 5 * MINUTE, "2500ms"),
        (1_000_000, 1, "1ms"),
    ],
)
def test_a_duration(compress: int, seconds: int, expected: str) -> None:
    assert Scale(compress)(seconds) == expected


def test_a_window_keeps_its_name_when_it_is_compressed() -> None:
    assert [label(each) for each in (5 * MINUTE, 6 * HOUR, 3 * DAY)] == ["5m", "6h", "3d"]
