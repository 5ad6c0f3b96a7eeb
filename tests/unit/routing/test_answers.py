"""What people and programs are told when a write cannot be made: nothing of theirs is lost, and no secret is shown."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory, override_settings

from reliability.routing.answers import Problem, answer

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
MALICE = '</textarea><script>alert("x")</script>'


def test_a_program_gets_a_problem_with_the_time_to_come_back() -> None:
    response = answer(RequestFactory().put("/api/v1/manage/x/?a=1"), Problem.READ_ONLY)

    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(response.content) == {
        "type": "/problems/read-only",
        "title": "Nothing can be written at the moment",
        "status": 503,
        "detail": "Nothing was changed. The database that takes writes is not available; reading works. "
        "Try again later.",
        "instance": "/api/v1/manage/x/?a=1",
    }
    assert 3 <= int(response["Retry-After"]) <= 8
    assert response["Cache-Control"] == "no-store"


def test_what_may_have_been_written_is_not_to_be_repeated_blindly() -> None:
    response = answer(RequestFactory().put("/api/v1/manage/x/"), Problem.COMMIT_UNKNOWN)

    assert json.loads(response.content)["type"] == "/problems/commit-unknown"
    assert "Retry-After" not in response


def page(data: dict[str, object], problem: Problem = Problem.READ_ONLY) -> str:
    request = RequestFactory().post("/admin/page/1/?tab=2", data, headers=BROWSER)
    response = answer(request, problem)
    assert (response.status_code, response["Content-Type"]) == (503, "text/html; charset=utf-8")
    return response.content.decode()


def test_a_person_gets_the_form_back_with_everything_in_it() -> None:
    html = page({"title": "Harbour", "body": "\n one\n two", "tags": ["a", "b"], "empty": ""})

    assert '<form method="post" action="/admin/page/1/?tab=2" enctype="multipart/form-data">' in html
    assert '<textarea hidden name="title">\nHarbour</textarea>' in html
    # A browser drops the first line break of a textarea, and only that one.
    assert '<textarea hidden name="body">\n\n one\n two</textarea>' in html
    assert '<textarea hidden name="tags">\na</textarea>\n<textarea hidden name="tags">\nb</textarea>' in html
    assert '<textarea hidden name="empty">\n</textarea>' in html
    assert "Save again" in html


def test_what_was_posted_cannot_break_out_of_the_page() -> None:
    html = page({"title": MALICE, MALICE: "x"})

    assert "<script" not in html


def test_a_password_is_not_sent_back() -> None:
    html = page({"username": "ada@example.org", "password": "hunter22"})

    assert "hunter22" not in html
    assert "Save again" not in html
    assert "A password is never kept" in html


def test_the_check_of_forms_still_holds() -> None:
    html = page({"csrfmiddlewaretoken": "a-former-token", "title": "x"})

    assert "a-former-token" not in html
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="' in html
    assert "csrfmiddlewaretoken" not in page({"title": "x"})


def test_files_are_named_for_they_have_to_be_chosen_again() -> None:
    html = page({"file": SimpleUploadedFile("harbour.png", b"x")})

    assert "choose them again: harbour.png" in html


def test_who_cannot_know_is_led_to_the_place_to_look() -> None:
    html = page({"title": "x"}, Problem.COMMIT_UNKNOWN)

    assert "We cannot tell whether this was saved" in html
    assert '<a href="/admin/page/1/?tab=2"' in html


def test_a_page_that_cannot_be_read_offers_to_try_again() -> None:
    request = RequestFactory().get("/about/", headers=BROWSER)

    html = answer(request, Problem.UNAVAILABLE).content.decode()

    assert "<form" not in html
    assert '<a href="/about/">Try again</a>' in html


@pytest.mark.parametrize("path", ["/a/<script>", '/a/"onload="x'])
def test_an_address_cannot_break_out_either(path: str) -> None:
    html = answer(RequestFactory().get(path, headers=BROWSER), Problem.UNAVAILABLE).content.decode()

    assert "<script" not in html
    assert '"onload=' not in html


def draw(request: object, problem: Problem) -> object:
    """A site's own page, as the option `degraded_page` names it."""
    from django.http import HttpResponse

    return HttpResponse(f"our page: {problem}")


def test_a_site_may_draw_the_page_itself() -> None:
    with override_settings(ROUTING={"DEGRADED_PAGE": f"{__name__}.draw"}):
        assert page({"title": "x"}) == "our page: read-only"
