"""The page of error budgets is for everybody: in the light and the dark, on a phone, when things go wrong."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.utils import timezone

from reliability.routing import views as routing
from reliability.routing.decision import LagLimits
from reliability.routing.picture import picture
from reliability.slo import queries
from tests.factories.slo import record_a_month
from tests.journeys.signing_in import make_ada, sign_in
from tests.journeys.test_accessibility import violations
from tests.unit.routing.samples import node, primary, snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NODES = (
    primary(sampled_at=1.0),
    node("eu-1", sampled_at=1.0, staleness_seconds=0.2),
    node("ap-1", is_up=False, reason="no answer within 0.3 s"),
)


@pytest.fixture
def _month(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    seen = picture(snapshot(*NODES), here="eu-west", limits=LagLimits(30.0, 1 << 28), now=2.0)
    monkeypatch.setattr(routing, "known_picture", lambda: seen)
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
    page.get_by_text("Writes go to us-1 in us-east.").wait_for()
    page.get_by_text("Day by day").first.click()
    found, overflow = violations(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert (found, overflow) == ([], False)
