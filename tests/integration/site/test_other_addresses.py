"""Addresses that are no pages: problems, robots, errors, the API."""

import pytest
from django.test import Client, RequestFactory, override_settings

from cms.delivery.problems import KINDS
from cms.site import errors


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_problem_has_a_page_at_its_address(client: Client, name: str) -> None:
    answer = client.get(f"/problems/{name}")

    assert answer.status_code == 200
    assert f"<h1>{KINDS[name].title}</h1>" in answer.content.decode()


@pytest.mark.django_db
def test_names_in_an_explanation_are_set_as_code(client: Client) -> None:
    text = client.get("/problems/invalid-parameter").content.decode()

    assert "<p>Correct the parameter named in <code>errors</code>.</p>" in text


@pytest.mark.django_db
def test_an_unknown_kind_of_problem_is_not_found(client: Client) -> None:
    answer = client.get("/problems/unheard-of")

    assert answer.status_code == 404


@pytest.mark.django_db
def test_without_a_site_the_reader_learns_how_to_make_one(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 404
    assert "manage.py demo load" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("production", "line"), [(True, "Disallow: /admin/"), (False, "Disallow: /")])
def test_robots_are_kept_out_unless_this_is_production(client: Client, production: bool, line: str) -> None:
    with override_settings(PRODUCTION=production):
        lines = client.get("/robots.txt").content.decode().splitlines()

    assert line in lines


def test_programs_get_problems_below_the_api() -> None:
    answer = errors.not_found(RequestFactory().get("/api/v2/anything/"))

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_people_get_a_page_without_a_database() -> None:
    answers = [errors.not_found(RequestFactory().get("/static/x")), errors.broken(RequestFactory().get("/"))]

    assert [answer.status_code for answer in answers] == [404, 500]
    assert "Something broke on our side" in answers[1].content.decode()
