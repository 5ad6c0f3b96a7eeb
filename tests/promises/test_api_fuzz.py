"""Whatever a client sends, the content API answers as its description says: no fault, no undocumented status.

That valid parameters are accepted is not asked here: which sites, locales and types there are is no part of the form.
"""

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cms.config.wsgi import _django
from tests.factories.site import make_world, paragraph

DESCRIPTION = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
load_all_checks()
schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.app = _django


@pytest.fixture
def _content(transactional_db: None) -> None:
    world = make_world()
    tag = world.item("tag", name="Rivers")
    article = world.document("article", under=world.home, title="One", body=[paragraph("<p>Words</p>")])
    world.publish(tag, article)


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.usefixtures("_content")
@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_request_is_answered_as_described(case: schemathesis.Case) -> None:
    response = case.call(headers={"Host": "localhost"})

    assert response.status_code < 500
    case.validate_response(response, excluded_checks=[positive_data_acceptance])
