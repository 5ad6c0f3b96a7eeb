"""Which role a query has: by its request, its transaction, its level, and what it reads."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from cms.accounts.models import Site
from reliability.routing import session
from reliability.routing.router import RoleRouter
from reliability.routing.session import RequestState, UnknownLevel, consistency, request


@pytest.fixture
def router(monkeypatch: pytest.MonkeyPatch) -> RoleRouter:
    monkeypatch.setitem(settings.DATABASES, "replica", {})
    monkeypatch.setattr(settings, "ROUTING", {"PRIMARY_MODELS": ["sessions.Session"]}, raising=False)
    return RoleRouter()


def test_a_read_goes_to_a_replica_and_a_write_to_the_primary(router: RoleRouter) -> None:
    with request(RequestState()):
        assert router.db_for_read(Site) == "replica"
        assert router.db_for_write(Site) == "default"


def test_a_write_pins_the_rest_of_the_request(router: RoleRouter) -> None:
    with request(RequestState()):
        router.db_for_write(Site)
        with consistency("eventual"):
            assert router.db_for_read(Site) == "default"
    with request(RequestState()):
        assert router.db_for_read(Site) == "replica"


def test_an_open_transaction_reads_its_own_rows(router: RoleRouter) -> None:
    with request(RequestState()):
        session.transaction_opened()
        assert router.db_for_read(Site) == "default"
        session.transaction_closed()
        assert router.db_for_read(Site) == "replica"


def test_a_transaction_around_the_request_counts_too(router: RoleRouter) -> None:
    session.transaction_opened()
    try:
        with request(RequestState()):
            assert router.db_for_read(Site) == "default"
    finally:
        session.transaction_closed()
    assert session.current() is None


def test_strong_reads_go_to_the_primary_inside_the_block_only(router: RoleRouter) -> None:
    with request(RequestState(level="eventual")):
        with consistency("strong"):
            assert router.db_for_read(Site) == "default"
        assert router.db_for_read(Site) == "replica"


def test_rows_that_must_not_lag_come_from_the_primary(router: RoleRouter) -> None:
    with request(RequestState()):
        assert router.db_for_read(Session) == "default"


def test_without_a_request_the_process_decides(router: RoleRouter) -> None:
    assert router.db_for_read(Site) == "default"
    session.set_process_role("replica")
    try:
        assert router.db_for_read(Site) == "replica"
        assert router.db_for_write(Site) == "default"
        assert router.db_for_read(Site) == "replica"  # nothing pins a thread that lives for ever
    finally:
        session.set_process_role("default")


def test_a_background_thread_reads_what_it_wrote_inside_its_transaction(router: RoleRouter) -> None:
    session.set_process_role("replica")
    try:
        session.transaction_opened()
        router.db_for_write(Site)
        assert router.db_for_read(Site) == "default"
        session.transaction_closed()
        assert router.db_for_read(Site) == "replica"
    finally:
        session.set_process_role("default")


def test_a_block_decides_where_there_is_no_request(router: RoleRouter) -> None:
    @consistency("eventual")
    def read() -> str:
        return router.db_for_read(Site)

    assert (read(), router.db_for_read(Site)) == ("replica", "default")


def test_an_unknown_level_names_the_known_ones() -> None:
    with pytest.raises(UnknownLevel, match="eventual, session, strong"), consistency("weak"):  # type: ignore[arg-type]
        pass


def test_rows_of_both_roles_are_related(router: RoleRouter) -> None:
    first, second, foreign = Site(), Site(), Site()
    first._state.db, second._state.db, foreign._state.db = "default", "replica", "elsewhere"

    assert router.allow_relation(first, second) is True
    assert router.allow_relation(first, foreign) is None


def test_only_the_primary_is_migrated(router: RoleRouter) -> None:
    answers = [router.allow_migrate(alias, "cms_content") for alias in ("default", "replica", "elsewhere")]

    assert answers == [True, False, None]


def test_without_a_replica_everything_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(settings.DATABASES, "replica", raising=False)
    router = RoleRouter()

    with request(RequestState()):
        assert router.db_for_read(Site) == "default"
