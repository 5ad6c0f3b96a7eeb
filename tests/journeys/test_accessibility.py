"""Every screen keeps to WCAG 2.2 AA as far as axe-core can tell, in the light and in the dark."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.utils import timezone

from tests.factories.site import World, make_world
from tests.journeys.signing_in import make_ada, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "preload": False}
LIST = "/admin/cms_content/document/"
SCREENS = (
    "/admin/", LIST, f"{LIST}tree/", f"{LIST}trash/", f"{LIST}add/", "/admin/cms_media/asset/",
    "/admin/cms_media/asset/add/", "/admin/cms_accounts/user/", "/admin/cms_accounts/grant/",
    "/admin/cms_accounts/auditentry/", "/admin/password_change/", "/admin/reliability_routing/epoch/",
    "/admin/reliability_slo/eventsum/",
    "/", "/search/?q=home", "/nothing/",
)  # fmt: skip


@pytest.fixture
def place() -> World:
    make_ada()
    return make_world(now=timezone.now() - timedelta(days=1))


def violations(page: "Page") -> list[str]:
    """Run axe-core on the page that is shown; gives each broken rule with the first element that breaks it."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {each['id']} ({each['nodes'][0]['html'][:200]})" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_can_be_used_by_everybody(
    place: World, browser: "Browser", live_server: Any, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=live_server.url, color_scheme=scheme)
    page = context.new_page()
    page.goto("/admin/")
    broken = violations(page)
    sign_in(page)

    for path in (*SCREENS, f"{LIST}{place.home.pk}/change/", f"{LIST}{place.home.pk}/history/"):
        page.goto(path)
        broken += violations(page)

    context.close()
    assert broken == []


def test_a_message_is_announced_and_is_still_a_list(place: World, page: "Page") -> None:
    sign_in(page)
    page.goto(f"{LIST}{place.home.pk}/change/")
    page.get_by_label("Title required").fill("Welcome back")

    page.get_by_role("button", name="Save draft").click()

    page.get_by_text("Draft saved.").wait_for()
    assert page.get_by_role("status").get_by_role("listitem").count() == 1
    assert violations(page) == []
