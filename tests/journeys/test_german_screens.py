"""German words are longer: the screens hold them all the same, on a desk and on a phone, and read well to everybody."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from reliability.slo import queries
from tests.factories.flags import make_flag
from tests.factories.site import make_world, paragraph
from tests.factories.slo import record_a_month
from tests.journeys.signing_in import ADDRESS, PASSWORD, make_ada
from tests.journeys.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/cms_content/document/"
FLAG = "/admin/reliability_flags/flag/new-editor/"


@pytest.fixture
def screens() -> list[str]:
    """Make something to see on each screen."""
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    page = world.page("Unsere Werft im Wandel der Zeit", body=[paragraph("<p>Wind</p>")])
    world.publish(page, now=now - timedelta(hours=1))
    make_flag()
    record_a_month(now=now)
    queries.forget()
    return [
        "/admin/", LIST, f"{LIST}add/", f"{LIST}{page.pk}/change/", f"{LIST}{page.pk}/schedule/",
        f"{LIST}{page.pk}/move/", "/admin/cms_media/asset/", "/admin/profile/", "/admin/reliability_flags/flag/",
        f"{FLAG}change/", f"{FLAG}kill/", "/admin/reliability_routing/epoch/", "/admin/reliability_slo/eventsum/",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390])
def test_german_screens_hold_their_words(browser: "Browser", live_server: Any, screens: list[str], width: int) -> None:
    make_ada()
    context = browser.new_context(
        base_url=live_server.url, locale="de-DE", viewport={"width": width, "height": 900}
    )  # Her browser asks for German; she has chosen no language.
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_label("E-Mail-Adresse").fill(ADDRESS)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("heading", name="Hallo, Ada").wait_for()

    broken = []
    for path in screens:
        page.goto(path)
        broken += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            broken.append(f"{path}: wider than the screen")

    context.close()
    queries.forget()
    assert broken == []
