"""A write that a failover may lose is reported with who made it and where, and its author reads that in the admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reliability.routing import losses
from reliability.routing.models import LostWrite
from tests.factories.people import make_ada
from tests.factories.site import World


def signed_in(user: object) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="cms.accounts.backend.GrantBackend")  # type: ignore[arg-type]
    return client


def lose(*, user: str, **values: object) -> None:
    defaults = {"written_at": timezone.now(), "path": "/admin/cms_content/document/1/change/"}
    LostWrite.objects.create(system_id="1", timeline=1, lsn=9, user=user, **{**defaults, **values})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_an_editor_saves_is_remembered_with_her_name_and_its_place(world: World) -> None:
    ada = make_ada()
    page = world.page("About")
    path = f"/admin/cms_content/document/{page.pk}/trash/"
    client = signed_in(ada)
    losses.forget()

    client.post(path, {"version": page.version}, headers={"X-Request-ID": "r-7"})

    [*_, write] = losses._ring
    assert write.about == losses.About(
        "r-7", ada.get_username(), "admin/cms_content/document/<uuid:document_id>/trash/", path
    )


def test_its_author_is_told_on_the_dashboard(world: World) -> None:
    ada = make_ada()
    lose(user=ada.get_username())

    html = signed_in(ada).get("/admin/").content.decode()

    assert "may not have survived the failover" in html
    assert 'href="/admin/cms_content/document/1/change/"' in html


@pytest.mark.parametrize("values", [{"user": "ben@example.org"}, {"written_at": timezone.now() - timedelta(days=8)}])
def test_others_and_old_ones_are_no_news(world: World, values: dict[str, object]) -> None:
    ada = make_ada()
    lose(**{"user": ada.get_username(), **values})  # type: ignore[arg-type]

    assert "may not have survived" not in signed_in(ada).get("/admin/").content.decode()


def test_a_foreign_address_is_no_link(world: World) -> None:
    ada = make_ada()
    lose(user=ada.get_username(), path="//evil.example/")

    html = signed_in(ada).get("/admin/").content.decode()

    assert "may not have survived" in html
    assert "evil.example" not in html
