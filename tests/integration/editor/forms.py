"""Sends the form of a document as a browser does: what the page holds, with something changed, and one button."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.test import Client
from lxml import html

Fields = dict[str, list[str]]


def address(document_id: UUID, screen: str = "change") -> str:
    """Give the address of a screen of a document."""
    return f"/admin/cms_content/document/{document_id}/{screen}/"


def fields_of(answer: Any, *, form: str = "//form[@method='post'][not(@id='logout-form')]") -> Fields:
    """Read what a browser would send of the first form on a page, without its buttons."""
    tree = html.fromstring(answer.content.decode())
    found: Fields = {}
    for each in tree.xpath(form)[0].xpath(".//input|.//textarea|.//select"):
        for value in _values(each):
            found.setdefault(each.get("name"), []).append(value)
    return found


def send(client: Client, path: str, op: str, *, page: Any = None, **changes: Any) -> Any:
    """Open a page (or take the one given), change fields, and press a button; names carry `f__` for `f.`."""
    fields = fields_of(page if page is not None else client.get(path))
    for name, value in changes.items():
        fields[name.replace("f__", "f.").replace("__", ".")] = value if isinstance(value, list) else [value]
    return client.post(path, {**fields, "op": op})


def problems(answer: Any) -> list[str]:
    """Read the summary of faults."""
    tree = html.fromstring(answer.content.decode())
    return [" ".join(each.text_content().split()) for each in tree.xpath("//section[@id='errors']//li")]


def _values(element: Any) -> Iterable[str]:
    kind = element.get("type", "")
    if element.get("name") is None or element.get("disabled") is not None or kind in ("submit", "file"):
        return []
    if kind in ("checkbox", "radio") and element.get("checked") is None:
        return []
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")]
    if element.tag == "select":
        chosen = element.xpath(".//option[@selected]") or element.xpath(".//option")[:1]
        return [each.get("value", "") for each in chosen]
    return [element.get("value", "on" if kind == "checkbox" else "")]
