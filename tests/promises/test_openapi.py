"""The API's description is a promise: a difference is a reviewed change of `openapi.json`.

After a change on purpose: python -m tests.promises.accept
"""

import json
from pathlib import Path

from django.test import Client

from tests.factories.site import World

SNAPSHOT = Path(__file__).with_name("openapi.json")


def test_the_description_is_the_reviewed_one(api: Client) -> None:
    answer = api.get("/api/v1/openapi.json")

    assert answer.json() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_the_page_to_read_it_opens(world: World, api: Client) -> None:
    answer = api.get("/api/v1/docs/")

    assert answer.status_code == 200
    assert b'spec-url="/api/v1/openapi.json"' in answer.content
