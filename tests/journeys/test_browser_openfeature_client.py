"""The public OpenFeature client for browsers runs in one, against our server: it asks, caches, and hears of a kill."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reliability.flags import actions
from tests.factories.flags import FOR_ADA, NOW, SYSTEM, make_flag

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PACKAGES = Path(__file__).resolve().parents[2] / ".venv" / "npm" / "node_modules"
MODULES = {
    "@openfeature/core": "@openfeature/core/dist/esm/index.js",
    "@openfeature/web-sdk": "@openfeature/web-sdk/dist/esm/index.js",
    "@openfeature/ofrep-core": "@openfeature/ofrep-core/index.esm.js",
    "@openfeature/ofrep-web-provider": "@openfeature/ofrep-web-provider/index.esm.js",
}
"""Names that the modules import, and the files behind them."""
PAGE = """<!doctype html><title>A page of ours</title>
<script type="importmap">{imports}</script>
<script type="module">
  import {{ OpenFeature }} from "@openfeature/web-sdk";
  import {{ OFREPWebProvider }} from "@openfeature/ofrep-web-provider";
  await OpenFeature.setContext({{ targetingKey: "ada" }});
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({{ baseUrl: location.origin, pollInterval: 200 }}));
  window.client = OpenFeature.getClient();
  window.feature = OpenFeature;
</script>"""
DETAILS = "() => { const d = client.getBooleanDetails('new-editor', false); return [d.value, d.variant, d.reason]; }"


def open_page(page: "Page", origin: str) -> None:
    """Open a page of the site that loads the client; it is not ours to serve, so the test answers for it."""
    imports = {name: f"/client/{file}" for name, file in MODULES.items()}

    def answer(route: "Route") -> None:
        path = route.request.url.removeprefix(f"{origin}/client/")
        if path:
            route.fulfill(path=PACKAGES / path, content_type="text/javascript")
        else:
            route.fulfill(body=PAGE.format(imports=json.dumps({"imports": imports})), content_type="text/html")

    page.route(f"{origin}/client/**", answer)
    page.goto(f"{origin}/client/")
    page.wait_for_function("() => window.client !== undefined")


@pytest.fixture
def client_page(page: "Page", live_server: Any) -> "Page":
    make_flag(targeting=FOR_ADA, client_visible=True)
    make_flag("secret", default="on")
    open_page(page, live_server.url)
    return page


def test_a_browser_gets_values_with_variant_and_reason(client_page: "Page") -> None:
    assert client_page.evaluate(DETAILS) == [True, "on", "TARGETING_MATCH"]


def test_another_person_gets_another_value(client_page: "Page") -> None:
    client_page.evaluate("() => feature.setContext({ targetingKey: 'ben' })")

    assert client_page.evaluate(DETAILS) == [False, "off", "TARGETING_MATCH"]


def test_a_flag_that_clients_may_not_see_gives_the_default_of_the_code(client_page: "Page") -> None:
    secret = client_page.evaluate("() => client.getBooleanDetails('secret', false)")

    assert (secret["value"], secret["errorCode"]) == (False, "FLAG_NOT_FOUND")


def test_a_kill_reaches_an_open_page(client_page: "Page") -> None:
    with client_page.expect_response(lambda answer: "/ofrep/" in answer.url and answer.status == 304):
        pass  # It polls, and nothing has changed.

    actions.kill_flag(key="new-editor", reason="it burns", by=SYSTEM, now=NOW)

    client_page.wait_for_function("() => client.getBooleanValue('new-editor', true) === false")
    assert client_page.evaluate(DETAILS) == [False, "off", "DISABLED"]
