"""The page of error budgets is for everybody: in the light and the dark, on a phone, when things go wrong."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.utils import timezone

from reliability.slo import queries
from tests.factories.slo import record_a_month
from tests.journeys.signing_in import make_ada, sign_in
from tests.journeys.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "/admin/reliability_slo/eventsum/"


@pytest.fixture
def _month() -> Iterator[None]:
    make_ada()
    record_a_month(now=timezone.now())
    queries.forget()
    yield
    queries.forget()


@pytest.mark.usefixtures("_month")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_budgets_can_be_read_by_everybody(
    browser: "Browser", live_server: Any, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        base_url=live_server.url, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    sign_in(page)
    page.goto("/admin/")

    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Error budget").click()

    page.get_by_text("You may have 43 minutes of trouble in 30 days; 22 used.").wait_for()
    page.get_by_text("Day by day").first.click()
    found, overflow = violations(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert (found, overflow) == ([], False)
