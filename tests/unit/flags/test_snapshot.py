"""A process answers from one snapshot: changes replace it as a whole, and a broken flag never takes its place."""

import gc
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from reliability.flags import collector
from reliability.flags.lowering import Override, killed, lower, never_matches
from reliability.flags.snapshot import Row, Snapshot

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ON = {"if": [True, "on"]}
ON_FOR_ADA = {"if": [{"==": [{"var": "targetingKey"}, "ada"]}, "on", "off"]}


def row(key: str = "editor", targeting: Any = None, *, version: int = 1, **more: Any) -> Row:
    definition = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off"}
    return Row(key, json.dumps({**definition, "targeting": targeting}), version=version, **more)


def snapshot(*rows: Row, **constants: str) -> Snapshot:
    return Snapshot(constants=constants).changed(rows, version=1, token="t", now=NOW)


def test_a_rule_is_asked_with_the_context() -> None:
    flags = snapshot(row(targeting=ON_FOR_ADA))

    assert flags.evaluate("editor", False, {"targetingKey": "ada"}).value is True
    assert flags.evaluate("editor", False, {"targetingKey": "ben"}).value is False


def test_the_former_snapshot_is_not_touched_by_a_change() -> None:
    former = snapshot(row())
    later = former.changed([row(targeting=ON, version=2)], version=2, token="u", now=NOW)

    assert (former.evaluate("editor", False, {}).value, later.evaluate("editor", False, {}).value) == (False, True)


def test_a_flag_that_does_not_compile_keeps_its_former_rule() -> None:
    former = snapshot(row(targeting=ON))
    former.evaluate("editor", False, {})

    later = former.changed([Row("editor", "{not json", version=2)], version=2, token="u", now=NOW)

    assert later.evaluate("editor", False, {}).value is True
    assert later.quarantined == {"editor"}
    mended = later.changed([row(version=3)], version=3, token="v", now=NOW)
    assert (mended.quarantined, mended.evaluate("editor", True, {}).value) == (frozenset(), False)


def test_an_unknown_or_archived_flag_is_answered_by_the_code() -> None:
    flags = snapshot(row()).changed([row(is_archived=True, version=2)], version=2, token="u", now=NOW)

    answer = flags.evaluate("editor", "code", {})

    assert (answer.value, answer.reason, answer.error_code) == ("code", "ERROR", "FLAG_NOT_FOUND")


def test_a_value_of_another_type_than_the_code_wants_is_an_error() -> None:
    answer = snapshot(row()).evaluate("editor", "text", {})

    assert (answer.value, answer.error_code) == ("text", "TYPE_MISMATCH")


def test_an_override_serves_one_region_something_else_and_costs_the_others_nothing() -> None:
    off_in_asia = Override("1", {"region": ["ap-southeast"]}, "off")
    flag = row(targeting=ON, overrides=(off_in_asia,))

    asia = snapshot(flag, region="ap-southeast")
    europe = snapshot(flag, region="eu-west")

    assert (asia.evaluate("editor", True, {}).value, europe.evaluate("editor", False, {}).value) == (False, True)
    assert europe.entries["editor"].flag.static is not None


def test_release_ranges_keep_new_code_off_on_the_old_colour() -> None:
    newer = Override("1", {"release": [">=2.4.0", "<3"], "colour": ["green"]}, "on")
    flag = row(overrides=(newer,))

    found = [
        snapshot(flag, release=release, colour=colour).evaluate("editor", False, {}).value
        for release, colour in (("2.4.0", "green"), ("2.3.9", "green"), ("2.5.0", "blue"), ("3.0.0", "green"))
    ]

    assert found == [True, False, False, False]


def test_an_override_ends_by_itself() -> None:
    definition = json.loads(row(targeting=ON).definition)
    ending = Override("1", {}, "off", expires_at=NOW)

    assert lower(definition, [ending], now=NOW) == definition
    assert lower(definition, [ending], now=NOW - timedelta(seconds=1))["targeting"] == {"if": [True, "off", ON]}


def test_an_override_behind_a_wider_one_is_named() -> None:
    everywhere = Override("all", {}, "off")
    narrow = Override("asia", {"region": ["ap-southeast"]}, "on")

    assert never_matches([everywhere, narrow]) == ["asia"]
    assert never_matches([narrow, everywhere]) == []


def test_an_exported_kill_serves_its_variant_to_everybody() -> None:
    definition = killed(json.loads(row(targeting=ON_FOR_ADA).definition), "off")

    assert (definition["defaultVariant"], "targeting" in definition) == ("off", False)


def test_the_garbage_collector_rests_and_turns_are_short_only_while_flags_change() -> None:
    before = sys.getswitchinterval()

    with collector.paused():
        assert not gc.isenabled()
        assert sys.getswitchinterval() < before

    assert gc.isenabled()
    assert sys.getswitchinterval() == before


def test_only_a_change_of_many_flags_leaves_them_out_of_later_collections() -> None:
    before = gc.get_freeze_count()
    try:
        with collector.paused():
            collector.leave_out(collector.MANY - 1)
        assert gc.get_freeze_count() == before

        with collector.paused():
            collector.leave_out(collector.MANY)
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
