"""Write the demo's documents: first all as sketches, so that they can link to each other, then whole, then public."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cms.accounts.actor import Actor
from cms.accounts.queries import actor_of
from cms.content import types
from cms.content.actions import create_document, save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from cms.publishing.actions import publish, schedule
from cms.publishing.demo.ground import Ground
from cms.publishing.demo.words import Writer

PAGES_AGE_DAYS = 400
"""How long before today the pages were published; articles have their own days."""
HOUR_OF_PUBLICATION = 9
ITEM_FIELDS = ("name", "role", "about", "description")

Entry = Mapping[str, Any]


@dataclass
class Shelf:
    """The documents so far, by key and language, and their translation keys."""

    ground: Ground
    files: Mapping[str, str]
    now: datetime
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> Actor:
        """Act as one of the people."""
        return actor_of(self.ground.people[f"{name}@demo.example"])

    def ago(self, days: float) -> datetime:
        """Give the morning of a day before today."""
        return (self.now - timedelta(days=days)).replace(hour=HOUR_OF_PUBLICATION, minute=0, second=0, microsecond=0)


def sketch(shelf: Shelf, entries: Sequence[Entry], *, kind: str, parent: str = "", by: Actor) -> None:
    """Create the documents of entries, each in its languages, with nothing but their names."""
    for entry in entries:
        for code in shelf.ground.locales:
            if code not in entry:
                continue
            first = next((shelf.documents[entry["key"], each] for each in shelf.ground.locales
                          if (entry["key"], each) in shelf.documents), None)  # fmt: skip
            above = shelf.documents.get((entry.get("parent", parent), code))
            document = create_document(
                site_id=shelf.ground.site.pk,
                locale_id=shelf.ground.locales[code].pk,
                type_key=entry.get("type", kind),
                parent_id=above.pk if above else None,
                group=first.translation_group if first else None,
                draft=Draft({key: entry[code][key] for key in ("title", "name", "site_name") if key in entry[code]}),
                by=by,
                now=_day(shelf, entry) - timedelta(days=2),
            )
            shelf.documents[entry["key"], code] = document
            shelf.keys[entry["key"]] = str(document.translation_group_id)


def fill(shelf: Shelf, entries: Sequence[Entry], *, by: Actor) -> None:
    """Save the whole text of entries."""
    for entry in entries:
        for code in _codes(shelf, entry):
            document, words = shelf.documents[entry["key"], code], entry[code]
            writer = writer_of(shelf, f"{entry['key']} {code}")
            fields = {key: words[key] for key in ("title", "summary", *ITEM_FIELDS) if key in words}
            if "body" in words:
                fields["body"] = writer.blocks(words["body"])
            seo = {"title": words["seo_title"]} if "seo_title" in words else {}
            draft = Draft({**fields, **_shared(shelf, entry, writer)}, seo=seo)
            save(shelf, entry["key"], code, draft, by=by, now=_day(shelf, entry) - timedelta(days=1))
            document.version += 1


def save(shelf: Shelf, key: str, code: str, draft: Draft, *, by: Actor, now: datetime) -> None:
    """Save a draft over the sketch."""
    document = shelf.documents[key, code]
    save_draft(document_id=document.pk, base_version=document.version, draft=draft, by=by, now=now)


def make_public(shelf: Shelf, entries: Sequence[Entry], *, by: Actor, say: Callable[[str], None]) -> None:
    """Publish entries on their days; one whose day has not come is scheduled."""
    for entry in entries:
        for code in _codes(shelf, entry):
            document, day = shelf.documents[entry["key"], code], _day(shelf, entry)
            if day > shelf.now:
                schedule(document_id=document.pk, action="publish", run_at=day, by=by, now=shelf.now)
                continue
            # Pages that link to each other cannot all be first; that no link leads nowhere is checked at the end.
            publish(document_ids=[document.pk], by=by, now=shelf.now, published_at=day, must_be_ready=False)
    say(f"  published: {len(entries)} {'documents' if len(entries) > 1 else 'document'}")


def writer_of(shelf: Shelf, seed: str) -> Writer:
    """Make a writer whose block ids are the same in every load."""
    versions = {key: each.version for key, each in types.current().definitions.items()}
    return Writer(shelf.keys, shelf.files, versions, random.Random(seed))


def _shared(shelf: Shelf, entry: Entry, writer: Writer) -> dict[str, Any]:
    """Give the fields that all languages share."""
    fields = dict(entry.get("fields", {}))
    if "picture" in entry:
        fields["hero"] = writer.media(entry["picture"])
    if "days" in entry:
        fields["day"] = _day(shelf, entry).date().isoformat()
    for name in ("authors", "categories", "tags", "related"):
        if name in entry:
            fields[name] = [shelf.keys[each] for each in entry[name]]
    return fields


def _codes(shelf: Shelf, entry: Entry) -> list[str]:
    return [code for code in shelf.ground.locales if code in entry]


def _day(shelf: Shelf, entry: Entry) -> datetime:
    return shelf.ago(entry.get("days", PAGES_AGE_DAYS))
