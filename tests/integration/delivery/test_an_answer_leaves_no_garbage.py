"""What an answer was made of goes when it is sent: none of it waits for the collector of garbage."""

import gc
from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from cms.config.wsgi import _django
from tests.factories.site import World


@pytest.fixture
def _kept() -> Iterator[None]:
    """Keep what the collector finds, and collect only when asked."""
    gc.disable()
    gc.freeze()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield
    gc.set_debug(0)
    gc.garbage.clear()
    gc.unfreeze()
    gc.enable()


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.usefixtures("_kept")
def test_no_part_of_it_holds_another_in_a_circle(world: World, method: str) -> None:
    article = world.document("article", under=world.home, title="One")
    world.publish(article)
    paths = ("documents/", f"documents/{article.pk}/", f"pages/?path={article.url_path}")
    assert {ask(f"/api/v1/{path}", method) for path in paths} == {"200 OK"}
    gc.collect()
    gc.garbage.clear()

    for path in paths:
        ask(f"/api/v1/{path}", method)
    gc.collect()

    assert {type(each).__name__ for each in gc.garbage} & {"WSGIRequest", "HttpResponse", "Request"} == set()


def ask(address: str, method: str) -> str:
    """Give the status of an answer that is read and closed."""
    told: list[str] = []
    request = getattr(RequestFactory(headers={"host": "localhost"}), method)(address)
    answer = _django(request.environ, lambda status, headers: told.append(status))
    answer.close()
    return told[0]
