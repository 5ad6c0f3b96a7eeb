"""What do templates get of a document's fields? Values by the kind of each field, ready to be written.

Only text that was cleaned when it was saved is marked as safe. A block that this code does not know, or of a newer
version than it knows, is left out: what it holds was never checked here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from cms.accounts.sites import LocaleEntry
from cms.delivery import answers
from cms.delivery.queries import AssetRow, Resolved
from cms.delivery.types import PublicType
from cms.site.pictures import Media, media

AVIF = "image/avif"
TYPE_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Link:
    """Where something leads; `url` is None for what has no page of its own."""

    label: str
    url: str | None
    children: tuple["Link", ...] = ()
    is_current: bool = False


@dataclass(frozen=True)
class Block:
    """A block; `template` is empty for one that is not shown by itself, such as a link of a menu."""

    id: str
    template: str
    value: Mapping[str, Any]


@dataclass(frozen=True)
class Presenter:
    """Turns stored fields into what templates show, with what was read for the page."""

    types: Mapping[str, PublicType]
    resolved: Resolved
    chain: Sequence[LocaleEntry]
    has_avif: bool = True

    def fields(self, type_key: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the fields of a document, links filled in already, by their key."""
        kind = self.types.get(type_key)
        return self._values(kind, data) if kind else {}

    def _values(self, kind: PublicType, data: Mapping[str, Any]) -> dict[str, Any]:
        return {field["key"]: self._value(field, data.get(field["key"])) for field in kind.definition["fields"]}

    def _value(self, field: Mapping[str, Any], value: Any) -> Any:
        match field["kind"]:
            case "rich_text":
                # Cleaned by cms.content.richtext whenever it is saved or imported, before it can be published.
                return mark_safe(value or "")
            case "media" if field["options"].get("multiple"):
                return [found for each in value or [] if (found := self._media(each))]
            case "media":
                return self._media(value)
            case "reference":
                return self._link(value)
            case "references":
                return [link for each in value or [] if (link := self._link(each))]
            case "blocks":
                return [block for each in value or [] if (block := self._block(each))]
            case "date":
                return date.fromisoformat(value) if value else None
        return value

    def _media(self, value: Mapping[str, Any] | None) -> Media | None:
        row = self.resolved.assets.get(value["asset"]) if value else None
        return media(self._asset(row), value) if row and value else None

    def _asset(self, row: AssetRow) -> dict[str, Any]:
        """Describe a file; without AVIF where that is switched off, unless the original is one."""
        found = answers.asset(row, self.chain)
        if self.has_avif or row.mime == AVIF:
            return found
        return {**found, "renditions": [each for each in found["renditions"] if each["mime"] != AVIF]}

    def _link(self, value: Mapping[str, Any] | None) -> Link | None:
        target = self.resolved.targets.get(value["key"]) if value else None
        return Link(target.title, target.url) if target else None

    def _block(self, block: Mapping[str, Any]) -> Block | None:
        kind = self.types.get(block["type"])
        if kind is None or kind.usage != "block" or block["v"] > kind.version:
            return None
        template = f"site/blocks/{kind.key}.html"
        return Block(block["id"], template if has_template(template) else "", self._values(kind, block["value"]))


def has_template(name: str) -> bool:
    """Tell whether a template exists; the loader remembers the answer."""
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def template_of(type_key: str) -> str:
    """Name the template of a type of document; types without one share a plain one."""
    own = f"site/types/{type_key}.html"
    return own if TYPE_KEY.fullmatch(type_key) and has_template(own) else "site/types/other.html"
