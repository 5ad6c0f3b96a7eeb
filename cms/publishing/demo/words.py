"""How do the demo's words become blocks? Pure: a short form in, blocks in the form that drafts have out.

The short form is a list of mappings with one key each, such as `{p: Text}` or `{quote: {text: ..., source: ...}}`.
Text may hold HTML, and links to `page:KEY`.
"""

import html
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.content.blocks import new_id

PAGE_LINK = re.compile(r'href="page:([a-z-]+)"')
HEADINGS = {"h2": "2", "h3": "3"}

Short = Mapping[str, Any]


@dataclass(frozen=True)
class Writer:
    """Turns the short form into blocks: translation keys by page, ids by file, versions by type of block."""

    keys: Mapping[str, str]
    files: Mapping[str, str]
    versions: Mapping[str, int]
    random: random.Random

    def blocks(self, body: Sequence[Short]) -> list[dict[str, Any]]:
        """Write a list of blocks."""
        return [self._block(*next(iter(each.items()))) for each in body]

    def media(self, name: str) -> dict[str, Any]:
        """Choose a file, with its own alternative text."""
        return {"asset": self.files[name], "alt": None, "decorative": False, "focal": None}

    def menu_link(self, page: str) -> dict[str, Any]:
        """Write a link of a menu that takes the title of its page."""
        return self._new("menu_link", {"label": "", "target": self.keys[page], "url": None, "children": []})

    def _block(self, kind: str, value: Any) -> dict[str, Any]:
        if kind in HEADINGS:
            return self._new("heading", {"text": value, "level": HEADINGS[kind]})
        type_key, made = _WRITERS[kind](self, value)
        return self._new(type_key, made)

    def _new(self, type_key: str, value: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": new_id(random=self.random), "type": type_key, "v": self.versions[type_key], "value": value}

    def _html(self, text: str) -> str:
        return PAGE_LINK.sub(lambda match: f'href="cms:document/{self.keys[match[1]]}"', text)

    def _paragraph(self, text: str) -> tuple[str, Short]:
        return "paragraph", {"html": f"<p>{self._html(text)}</p>"}

    def _list(self, entries: Sequence[str], tag: str = "ul") -> tuple[str, Short]:
        items = "".join(f"<li>{self._html(each)}</li>" for each in entries)
        return "list", {"html": f"<{tag}>{items}</{tag}>"}

    def _steps(self, entries: Sequence[str]) -> tuple[str, Short]:
        return self._list(entries, "ol")

    def _table(self, value: Short) -> tuple[str, Short]:
        head = "".join(f'<th scope="col">{html.escape(each)}</th>' for each in value["head"])
        rows = "".join(_row(row) for row in value["rows"])
        text = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return "table", {"caption": value["caption"], "html": text}

    def _image(self, value: Short) -> tuple[str, Short]:
        made = {key: value[key] for key in ("caption", "credit", "width") if key in value}
        return "image", {"image": self.media(value["picture"]), **made}

    def _gallery(self, value: Short) -> tuple[str, Short]:
        images = [self.media(name) for name in value["pictures"]]
        return "gallery", {"images": images, "caption": value["caption"]}

    def _callout(self, value: Short) -> tuple[str, Short]:
        title = value.get("title", "")
        return "callout", {"tone": value["tone"], "title": title, "html": self._html(value["text"])}

    def _button(self, value: Short) -> tuple[str, Short]:
        made = {key: value[key] for key in ("label", "url", "style") if key in value}
        return "button", {**made, "target": self.keys[value["to"]] if "to" in value else None}

    def _columns(self, value: Short) -> tuple[str, Short]:
        columns = [self._new("column", {"content": self.blocks(each)}) for each in value["columns"]]
        return "columns", {"layout": value["layout"], "columns": columns}

    def _file(self, value: Short) -> tuple[str, Short]:
        return "file", {"file": self.media(value["file"]), "label": value["label"]}


def _row(cells: Sequence[str]) -> str:
    first, *rest = (html.escape(each) for each in cells)
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{each}</td>" for each in rest) + "</tr>"


_WRITERS: Mapping[str, Callable[[Writer, Any], tuple[str, Short]]] = {
    "p": Writer._paragraph,
    "list": Writer._list,
    "steps": Writer._steps,
    "table": Writer._table,
    "image": Writer._image,
    "gallery": Writer._gallery,
    "callout": Writer._callout,
    "button": Writer._button,
    "columns": Writer._columns,
    "file": Writer._file,
    "quote": lambda _, value: ("quote", value),
    "code": lambda _, value: ("code", value),
    "embed": lambda _, value: ("embed", value),
    "html": lambda _, value: ("html", {"html": value}),
}
