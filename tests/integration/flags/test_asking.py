"""Code, templates, views and APIs ask a flag by its name; whoever asks is described by the request."""

from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.views import View
from rest_framework.views import APIView

from cms.accounts.models import User
from reliability.flags import api, process
from reliability.flags.context import SCOPE, flags_context
from reliability.flags.decorators import FlagRequiredMixin, require_flag
from reliability.flags.middleware import COOKIE, FlagsMiddleware
from reliability.flags.models import Flag
from reliability.flags.permissions import FlagEnabled
from tests.factories.flags import FOR_ADA, make_flag

pytestmark = pytest.mark.django_db
HALF = {"fractional": [["on", 50], ["off", 50]]}


def test_an_unknown_flag_is_the_default_of_the_code() -> None:
    found = api.details("nothing", default="classic")

    assert (found.value, found.reason, found.error_code) == ("classic", "ERROR", "FLAG_NOT_FOUND")


def test_a_declared_flag_answers_for_the_context_of_the_request() -> None:
    make_flag(targeting=FOR_ADA)
    editor = api.Declared("new-editor", False)

    with flags_context({"targetingKey": "ada"}) as scope:
        assert editor.on()
        assert editor.variant() == "on"
    with flags_context({"targetingKey": "ben"}):
        assert not editor.on()

    assert scope.answers == {"new-editor": "on"}
    assert SCOPE.get() is None


def test_a_request_never_sees_two_versions_of_a_flag() -> None:
    make_flag(default="on")
    with flags_context({}):
        assert api.is_enabled("new-editor")
        Flag.objects.all().delete()
        process.current().holder.current = type(process.current().holder.current)()
        assert api.is_enabled("new-editor")
    assert not api.is_enabled("new-editor")


def test_tests_answer_flags_as_they_like() -> None:
    make_flag()

    with api.override_flag("new-editor", True):
        assert api.is_enabled("new-editor")
        with api.override_flag("new-editor", False):
            assert not api.is_enabled("new-editor")
    assert not api.is_enabled("new-editor")


def test_a_template_shows_one_of_two_parts() -> None:
    make_flag(targeting=FOR_ADA)
    page = Template('{% load flags %}{% flag "new-editor" %}new{% else %}old{% endflag %}')
    short = Template('{% load flags %}{% flag "new-editor" %}new{% endflag %}')

    with flags_context({"targetingKey": "ada"}):
        assert (page.render(Context()), short.render(Context())) == ("new", "new")
    assert (page.render(Context()), short.render(Context())) == ("old", "")
    with pytest.raises(TemplateSyntaxError, match="the key of one flag"):
        Template("{% load flags %}{% flag %}{% endflag %}")


def test_a_view_exists_only_while_its_flag_is_on() -> None:
    @require_flag("new-editor")
    def editor(request: HttpRequest) -> HttpResponse:
        return HttpResponse("new")

    class Editor(FlagRequiredMixin, View):
        flag_key = "new-editor"

        def get(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse("new")

    request = RequestFactory().get("/")
    for view in (editor, Editor.as_view()):
        with pytest.raises(Http404):
            view(request)
        with api.override_flag("new-editor", True):
            assert view(request).content == b"new"


def test_a_part_of_an_api_exists_only_while_its_flag_is_on() -> None:
    class Drafts(APIView):
        permission_classes = [FlagEnabled("drafts-api")]

        def get(self, request: Any) -> HttpResponse:
            return HttpResponse("drafts")

    request = RequestFactory().get("/")
    assert Drafts.as_view()(request).status_code == 404
    with api.override_flag("drafts-api", True):
        assert Drafts.as_view()(request).status_code == 200


def through_middleware(request: HttpRequest) -> HttpResponse:
    return FlagsMiddleware(lambda _: HttpResponse(str(api.is_enabled("new-editor"))))(request)


def test_a_visitor_is_remembered_only_when_a_share_was_asked_for() -> None:
    make_flag("plain", default="on")
    assert COOKIE not in through_middleware(RequestFactory().get("/")).cookies

    make_flag(targeting=HALF)
    process.forget()
    first = through_middleware(RequestFactory().get("/"))
    again = RequestFactory().get("/")
    again.COOKIES[COOKIE] = first.cookies[COOKIE].value
    second = through_middleware(again)

    assert first["Cache-Control"] == "private, no-cache"
    assert second.content == first.content
    assert COOKIE not in second.cookies


def test_a_forged_cookie_is_a_new_visitor() -> None:
    make_flag(targeting=HALF)
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = "somebody-else:forged"

    assert COOKIE in through_middleware(request).cookies


def test_a_signed_in_person_is_told_apart_by_account_and_rank(django_assert_num_queries: Any) -> None:
    staff = User.objects.create_superuser("ada@example.org", "a long password", name="Ada")
    make_flag(targeting={"if": [{"==": [{"var": "is_staff"}, True]}, "on", "off"]})
    request = RequestFactory().get("/")
    request.user = staff

    with django_assert_num_queries(2):  # the flags, once in a process: is there anything, and what
        assert through_middleware(request).content == b"True"


def test_the_public_site_stays_cacheable_with_flags_that_know_no_person(world: Any) -> None:
    make_flag("plain", default="on")

    answer = Client(headers={"host": "localhost"}).get("/")

    assert COOKIE not in answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
