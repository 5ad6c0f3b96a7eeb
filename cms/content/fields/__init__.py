"""The kinds of fields. A new kind is one module and one line in the list below."""

from collections.abc import Mapping
from typing import Any

from cms.content.definition import TypeDefinition
from cms.content.fields.blocks import Blocks
from cms.content.fields.boolean import Boolean
from cms.content.fields.choice import Choice
from cms.content.fields.color import Color
from cms.content.fields.date import Date
from cms.content.fields.datetime import DateTime
from cms.content.fields.email import Email
from cms.content.fields.geo import Geo
from cms.content.fields.json import Json
from cms.content.fields.kind import Context, FieldKind
from cms.content.fields.media import Media
from cms.content.fields.number import Number
from cms.content.fields.reference import Reference, References
from cms.content.fields.rich_text import RichText
from cms.content.fields.text import Text
from cms.content.fields.url import Url

KINDS: dict[str, FieldKind] = {
    kind.key: kind
    for kind in (
        Text(), RichText(), Number(), Boolean(), Date(), DateTime(), Choice(), Media(),
        Reference(), References(), Blocks(), Json(), Geo(), Url(), Email(), Color(),
    )
}  # fmt: skip


def context_for(types: Mapping[str, TypeDefinition], *, kept: Mapping[str, Mapping[str, Any]] | None = None) -> Context:
    """Return the context of a document's fields: the block types, and the saved blocks by id that may be unreadable."""
    return Context(types=types, kinds=KINDS, kept=kept or {})
