"""A feature's life in two real browsers: made, given to one person, killed; and its screens, for everybody."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.utils import timezone

from cms.accounts.models import User
from reliability.flags.models import Flag
from tests.factories.flags import FOR_ADA, make_flag
from tests.factories.site import make_world
from tests.journeys.signing_in import PASSWORD, make_ada, sign_in
from tests.journeys.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/reliability_flags/flag/"
DOCUMENTS = "/admin/cms_content/document/"
KEY = "compact-document-list"


@pytest.fixture
def ada() -> User:
    make_world(now=timezone.now() - timedelta(days=1))
    return make_ada()


def is_compact(page: "Page") -> bool:
    page.goto(DOCUMENTS)
    page.get_by_role("link", name="Home", exact=True).wait_for()
    return page.locator(".table--compact").count() == 1


def make_for(page: "Page", person: User) -> None:
    """Make the flag, on for one person, by the rows of the form."""
    page.goto(LIST)
    page.get_by_role("link", name="Add a flag").click()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("combobox", name="If", exact=True).select_option("targetingKey")
    page.get_by_label("Compared with").fill(str(person.pk))
    page.get_by_role("combobox", name="Then", exact=True).select_option("on")
    page.get_by_label("Key", exact=True).fill(KEY)
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_text("The flag is saved").wait_for()


def test_a_flag_is_made_for_one_person_and_killed(ada: User, page: "Page", browser: "Browser") -> None:
    User.objects.create_superuser("ben@example.org", PASSWORD, name="Ben")
    sign_in(page)
    others = browser.new_context(base_url=page.url.partition("/admin")[0])
    other = others.new_page()
    other.goto("/admin/")
    other.get_by_label("E-mail address").fill("ben@example.org")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.get_by_role("heading", name="Hello, Ben").wait_for()

    make_for(page, ada)

    assert (is_compact(page), is_compact(other)) == (True, False)

    page.goto(f"{LIST}{KEY}/kill/")
    page.get_by_label("Key", exact=True).fill(KEY)
    page.get_by_label("Reason").fill("it hides the path")
    page.get_by_role("button", name="Kill it now").click()
    page.get_by_text("is killed. It is off within a second.").wait_for()

    assert (is_compact(page), is_compact(other)) == (False, False)
    assert Flag.objects.get().kill is not None
    others.close()


def test_slider_and_number_stay_in_step_and_say_how_many(ada: User, page: "Page") -> None:
    make_flag()
    sign_in(page)
    page.goto(f"{LIST}new-editor/change/")

    page.get_by_label("Percent", exact=True).fill("25")

    assert page.get_by_label("Share", exact=True).input_value() == "25"
    page.get_by_text(re.compile("about 250 of 1.000 people")).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_of_flags_can_be_used_by_everybody(
    ada: User, browser: "Browser", live_server: Any, scheme: Literal["light", "dark"]
) -> None:
    make_flag(targeting=FOR_ADA, overrides=[{"when": {"region": ["eu-west"]}, "serve": "off"}])
    context = browser.new_context(base_url=live_server.url, color_scheme=scheme)
    page = context.new_page()
    sign_in(page)
    broken = []
    one = f"{LIST}new-editor/"
    paths = (
        LIST, f"{LIST}?q=nothing", f"{LIST}add/", f"{LIST}changes/", f"{LIST}uses/", f"{one}change/", f"{one}history/",
        f"{one}ask/?targetingKey=ada", f"{one}kill/", f"{one}archive/",
    )  # fmt: skip

    for path in paths:
        page.goto(path)
        broken += violations(page)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            broken.append(f"{path}: wider than a phone")
        page.set_viewport_size({"width": 1280, "height": 800})

    context.close()
    assert broken == []
