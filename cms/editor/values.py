"""How does a value read, for somebody who compares two versions?"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cms.content import types
from cms.content.richtext import text_of
from cms.editor.words import word


def describe(value: Any) -> str:
    """Return a value as text: blocks by their name and words, prose without its tags where that loses nothing."""
    if value is None or value == [] or value == "":
        return _("(empty)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        return "\n".join(describe(each) for each in value)
    if isinstance(value, Mapping) and "type" in value and "value" in value:
        return _block(value)
    if isinstance(value, Mapping) and "asset" in value:
        return value.get("alt") or _("(a file)")
    return json.dumps(value, ensure_ascii=False, indent=1)


def _block(block: Mapping[str, Any]) -> str:
    kind = types.current().blocks.get(str(block["type"]))
    words = [_words(each) for each in block["value"].values()] if isinstance(block["value"], Mapping) else []
    return f"{word(kind.name) if kind else block['type']}: {' '.join(each for each in words if each)}"


def _words(value: Any) -> str:
    if isinstance(value, str):
        return text_of(value) if value.lstrip().startswith("<") else value
    if isinstance(value, list) and value and isinstance(value[0], Mapping) and "type" in value[0]:
        return " ".join(_block(each) for each in value)
    return ""
