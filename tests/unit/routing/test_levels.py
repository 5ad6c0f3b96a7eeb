"""How consistent the reads of a request are, by what it is and where the primary is."""

import pytest

from reliability.routing.levels import level_of
from reliability.routing.options import Options
from tests.unit.routing.samples import node, primary, snapshot

NEAR, FAR = snapshot(primary(rtt_seconds=0.004)), snapshot(primary(rtt_seconds=0.08))


@pytest.mark.parametrize(
    ("method", "path", "picture", "expected"),
    [
        ("GET", "/about/", NEAR, "session"),
        ("HEAD", "/api/v1/documents/", FAR, "session"),
        ("GET", "/admin/", NEAR, "strong"),
        ("GET", "/admin/", FAR, "session"),
        ("GET", "/admin/", snapshot(node("eu-1")), "session"),
        ("GET", "/api/v1/manage/documents/", NEAR, "strong"),
        ("POST", "/about/", FAR, "strong"),
        ("DELETE", "/api/v1/manage/", FAR, "strong"),
    ],
)
def test_editors_near_the_primary_and_whoever_writes_read_from_it(
    method: str, path: str, picture: object, expected: str
) -> None:
    assert level_of(method, path, options=Options(), snapshot=picture) == expected  # type: ignore[arg-type]


def test_a_site_may_choose_other_levels() -> None:
    options = Options(consistency="eventual", editor_consistency="strong", strong_paths=("/staff/",))

    assert level_of("GET", "/admin/", options=options, snapshot=NEAR) == "eventual"
    assert level_of("GET", "/staff/", options=options, snapshot=FAR) == "strong"
