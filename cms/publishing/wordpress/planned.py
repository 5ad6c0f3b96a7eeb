"""What does the importer get to write? One frozen record for each document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["publish", "draft", "schedule"]


@dataclass(frozen=True)
class PlannedDocument:
    """Describe one document to write.

    `fields` fit the starter types; references in it are translation keys, blocks have no ids yet.
    `slug` is empty for items, which have no address. `parent_key` None leaves the place to the importer: pages stand
    at the top, articles in a section of its choice. `former_paths` are the addresses on the exported site.
    `email` is the address of an author, to match people with; readers must not get it.
    `reasons` say what the document does not keep. `date` is UTC: of publishing, or of the last draft.
    """

    source_key: str
    type_key: str
    title: str
    slug: str
    fields: dict[str, object]
    status: Status
    parent_key: str | None = None
    date: datetime | None = None
    author_key: str | None = None
    menu_order: int = 0
    former_paths: tuple[str, ...] = ()
    email: str = ""
    reasons: tuple[str, ...] = ()
