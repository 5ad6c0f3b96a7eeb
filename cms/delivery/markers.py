"""How does stored text name what other rows own? By markers, which are replaced in the text without parsing it.

A published document is stored as the very JSON text that readers get, except for what can change on its own: where a
link leads, and what a reference points at. Both are written as markers that cannot occur inside a JSON string, or
whose form only we produce, and are filled in when the document is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
REFERENCE_KEY = "cms:reference"
_REFERENCE = re.compile(r'\{"cms:reference":"(' + _UUID + r')"\}')
_LINK = re.compile(r'href=\\"cms:document/(' + _UUID + r')(#[^\\"]*)?\\"')


@dataclass(frozen=True, slots=True)
class Target:
    """A published document that others point at, as it is shown to the reader at hand."""

    key: str
    id: str
    type: str
    path: str | None
    title: str
    url: str | None
    version: int


def reference(key: str) -> dict[str, str]:
    """Make the marker of a reference to a translation key; it stands where a value is expected."""
    return {REFERENCE_KEY: key}


def fill(text: str, targets: Mapping[str, Target]) -> str:
    """Replace every marker in stored JSON text. A missing target becomes an id of null, a dead link leads to "#"."""
    if '{"cms:reference"' in text:
        text = _REFERENCE.sub(lambda match: _reference(match[1], targets.get(match[1])), text)
    if "cms:document/" in text:
        text = _LINK.sub(lambda match: _link(match, targets.get(match[1])), text)
    return text


def _reference(key: str, target: Target | None) -> str:
    if target is None:
        return f'{{"key":"{key}","id":null,"type":null,"path":null,"title":null}}'
    return (
        f'{{"key":"{key}","id":"{target.id}","type":"{target.type}",'
        f'"path":{dumps(target.path, ensure_ascii=False)},"title":{dumps(target.title, ensure_ascii=False)}}}'
    )


def _link(match: re.Match[str], target: Target | None) -> str:
    url = target.url if target else None
    return f'href=\\"{url}{match[2] or ""}\\"' if url else 'href=\\"#\\"'
