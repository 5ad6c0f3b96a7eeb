"""The picture of regions and nodes is for everybody: in the light and the dark, on a phone, when things are broken."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.utils import timezone

from reliability.routing import views
from reliability.routing.decision import LagLimits
from reliability.routing.mode import Mode
from reliability.routing.models import Epoch, LostWrite, Override
from reliability.routing.picture import picture
from tests.journeys.signing_in import make_ada, sign_in
from tests.journeys.test_accessibility import violations
from tests.unit.routing.samples import node, primary, snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "/admin/reliability_routing/epoch/"
NODES = (
    primary(sampled_at=1.0),
    node("eu-1", sampled_at=1.0, staleness_seconds=12.5, lag_bytes=4_000_000, is_replay_paused=True),
    node("ap-1", is_up=False, reason='connection to server at "127.0.0.1", port 6543 failed: Connection refused'),
)
CLOSED: dict[str, Any] = {"mode": Mode.READ_ONLY, "mode_reason": "operator"}


@pytest.fixture
def _changes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    seen = picture(snapshot(*NODES, **CLOSED), here="eu-west", limits=LagLimits(30.0, 1 << 28), now=61.0)
    monkeypatch.setattr(views, "known_picture", lambda: seen)
    make_ada()
    # A system of its own: where tests run on a real cluster, its prober may have recorded an epoch of that one.
    Epoch.objects.create(system_id="1", timeline=2, epoch_id="b", fork_lsn=1, previous_timeline=1, node="us-1")
    # Of a node that there is not: the process under test obeys orders.
    Override.objects.create(
        kind="drain", node="ap-9", reason="new disks", by="Ops", expires_at=now + timedelta(hours=1)
    )
    LostWrite.objects.bulk_create(
        LostWrite(system_id="1", timeline=1, lsn=each, written_at=now, user="ada@example.org") for each in range(30)
    )


@pytest.mark.usefixtures("_changes")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_can_be_read_by_everybody(
    browser: "Browser", live_server: Any, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        base_url=live_server.url, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    sign_in(page)
    page.goto("/admin/")

    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Regions and databases").click()

    page.get_by_text("Nothing can be written").wait_for()
    found, overflow = violations(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert (found, overflow) == ([], False)
