"""Who may do what where: the table of the decision."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cms.accounts.actor import Actor, PermissionMissing, RightsTooWide, system
from cms.accounts.decision import ACTIONS, STARTER_ROLES, Place, Rule, allows, covers
from cms.accounts.explanations import ACTIONS as EXPLAINED

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=1)
SITE, OTHER_SITE = UUID(int=1), UUID(int=2)
ENGLISH, GERMAN = UUID(int=11), UUID(int=12)
NEWS, ABOUT = UUID(int=21), UUID(int=22)
PLACE = Place(site=SITE, type="page", locale=ENGLISH, ancestry=lambda: frozenset([NEWS]))


def rule(*actions: str, **limits: Any) -> Rule:
    return Rule(frozenset(actions or ("edit",)), **limits)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, True),
        ({"site": SITE}, True),
        ({"site": OTHER_SITE}, False),
        ({"type": "page"}, True),
        ({"type": "article"}, False),
        ({"locale": ENGLISH}, True),
        ({"locale": GERMAN}, False),
        ({"tree_root": NEWS}, True),
        ({"tree_root": ABOUT}, False),
        ({"site": SITE, "type": "page", "locale": ENGLISH, "tree_root": NEWS}, True),
        ({"site": SITE, "type": "page", "locale": GERMAN, "tree_root": NEWS}, False),
        ({"expires_at": SOON}, True),
        ({"expires_at": NOW}, False),
    ],
)
def test_a_grant_allows_within_its_limits(limits: dict[str, Any], expected: bool) -> None:
    actual = allows([rule("edit", **limits)], "edit", PLACE, now=NOW)

    assert actual == expected


def test_a_grant_allows_no_other_action() -> None:
    assert not allows([rule("edit")], "publish", PLACE, now=NOW)


def test_without_grants_nothing_is_allowed() -> None:
    assert not allows([], "view", PLACE, now=NOW)


def test_one_grant_that_matches_is_enough() -> None:
    rules = [rule("edit", site=OTHER_SITE), rule("edit", expires_at=NOW), rule("edit", site=SITE)]

    assert allows(rules, "edit", PLACE, now=NOW)


def test_limits_of_two_grants_are_not_mixed() -> None:
    rules = [rule("edit", site=SITE, locale=GERMAN), rule("edit", site=OTHER_SITE, locale=ENGLISH)]

    assert not allows(rules, "edit", PLACE, now=NOW)


def test_a_subtree_is_looked_up_only_when_a_grant_names_one() -> None:
    def ancestry() -> frozenset[UUID]:
        raise AssertionError("This costs a query.")

    place = Place(site=SITE, ancestry=ancestry)

    assert allows([rule("edit", site=SITE)], "edit", place, now=NOW)


@pytest.mark.parametrize(
    ("own", "wanted", "expected"),
    [
        ({}, {}, True),
        ({}, {"site": SITE, "expires_at": SOON}, True),
        ({"site": SITE}, {"site": SITE}, True),
        ({"site": SITE}, {}, False),
        ({"site": SITE}, {"site": OTHER_SITE}, False),
        ({"type": "page"}, {}, False),
        ({"locale": GERMAN}, {"locale": ENGLISH}, False),
        ({"tree_root": NEWS}, {"tree_root": NEWS}, True),
        ({"tree_root": NEWS}, {"tree_root": ABOUT}, False),
        ({"tree_root": NEWS}, {"site": SITE}, False),
        ({"expires_at": SOON}, {"expires_at": SOON}, True),
        ({"expires_at": SOON}, {"expires_at": SOON + timedelta(days=1)}, False),
        ({"expires_at": SOON}, {}, False),
        ({"expires_at": NOW}, {"expires_at": NOW}, False),
    ],
)
def test_rights_are_handed_on_only_within_ones_own(own: dict[str, Any], wanted: dict[str, Any], expected: bool) -> None:
    actual = covers([rule("edit", "view", **own)], rule("edit", **wanted), now=NOW)

    assert actual == expected


def test_an_action_that_one_lacks_is_not_handed_on() -> None:
    assert not covers([rule("edit")], rule("edit", "publish"), now=NOW)


def test_actions_may_come_from_several_grants() -> None:
    assert covers([rule("edit"), rule("publish", site=SITE)], rule("edit", "publish", site=SITE), now=NOW)


def test_an_actor_without_the_right_is_refused_with_words() -> None:
    cleo = Actor(id=UUID(int=3), name="Cleo")

    with pytest.raises(PermissionMissing, match="You may not do this here: “Bypass review”"):
        cleo.require("bypass_review", PLACE, now=NOW)


def test_an_actor_cannot_hand_on_what_they_lack() -> None:
    ben = Actor(id=UUID(int=2), name="Ben", rules=lambda: (rule("edit"),))

    with pytest.raises(RightsTooWide, match="wider than your own"):
        ben.require_cover([rule("publish")], now=NOW)


def test_the_system_may_do_everything() -> None:
    scheduler = system("scheduler")

    scheduler.require("publish", PLACE, now=NOW)
    scheduler.require_cover([rule("publish")], now=NOW)


def test_starter_roles_name_known_actions() -> None:
    named = {action for _name, actions in STARTER_ROLES.values() for action in actions}

    assert named == set(ACTIONS)


def test_every_action_is_explained_to_people() -> None:
    assert tuple(EXPLAINED) == ACTIONS
