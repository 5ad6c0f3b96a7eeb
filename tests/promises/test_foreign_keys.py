"""No table points to a layer above its own, or to a neighbour on it: what imports do not show.

The layers are read from the import contracts, so that there is one list.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).parents[2]
Ranks = dict[str, int]


def ranks() -> Ranks:
    """Read how high each capability stands: {"cms.accounts": 0, "cms.media": 1, ...}; neighbours are equally high."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    found: Ranks = {}
    for contract in contracts:
        if contract["type"] == "layers" and contract.get("exhaustive"):
            [container] = contract["containers"]
            for rank, layer in enumerate(reversed(contract["layers"])):
                found |= {f"{container}.{name.strip(' ()')}": rank for name in layer.split("|")}
    return found


def mistake(source: str, target: str, heights: Ranks) -> str | None:
    """Say why a table of the capability `source` must not point to one of `target`; None if it may."""
    if source == target or target not in heights:
        return None
    if source.startswith("reliability.") and target.startswith("cms."):
        return "the mechanisms know nothing of the product"
    if source.split(".")[0] != target.split(".")[0]:
        return None
    if heights[target] == heights[source]:
        return "it is a neighbour on the same layer"
    return "it stands above" if heights[target] > heights[source] else None


def pointers() -> Iterator[tuple[str, str, str]]:
    """List every foreign key and many-to-many field: its name, and the capabilities at both ends."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            target = field.related_model
            if not field.auto_created and isinstance(target, type) and issubclass(target, models.Model):
                yield f"{model.__name__}.{field.name}", _capability(model), _capability(target)


def test_every_table_points_down_only() -> None:
    heights = ranks()

    wrong = [
        f"{name} points to {target}: {reason}"
        for name, source, target in pointers()
        if source in heights and (reason := mistake(source, target, heights))
    ]

    assert wrong == []


def test_the_walk_sees_the_tables_of_the_product() -> None:
    assert ("Document.site", "cms.content", "cms.accounts") in set(pointers())


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("cms.accounts", "cms.content", "it stands above"),
        ("cms.delivery", "cms.content", "it is a neighbour on the same layer"),
        ("reliability.outbox", "cms.accounts", "the mechanisms know nothing of the product"),
        ("cms.content", "cms.media", None),
        ("cms.content", "cms.content", None),
        ("cms.accounts", "reliability.outbox", None),
        ("cms.accounts", "django.contrib.auth", None),
    ],
)
def test_a_wrong_direction_is_found(source: str, target: str, expected: str | None) -> None:
    assert mistake(source, target, ranks()) == expected


def _capability(model: type[models.Model]) -> str:
    return model._meta.app_config.name if model._meta.app_config else model._meta.app_label
