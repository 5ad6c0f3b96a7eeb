"""The types a new site begins with; editors change them like their own."""

from functools import cache
from importlib.resources import files

from cms.content.definition import TypeDefinition
from cms.content.typefile import read_types

FILES = ("blocks.yaml", "types.yaml")


@cache
def starter_types() -> tuple[TypeDefinition, ...]:
    """Return the starter types, blocks first."""
    texts = [files(__name__).joinpath(name).read_text(encoding="utf-8") for name in FILES]
    blocks = read_types(texts[0])
    return (*blocks, *read_types(texts[1], {each.key: each.usage for each in blocks}))
