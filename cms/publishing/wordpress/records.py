"""What does a WordPress export hold? One frozen record per kind of entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ExportHeader:
    """Describe the exported site; `base_url` has no trailing slash, `language` is as written, like `en-US`."""

    title: str
    base_url: str
    language: str


@dataclass(frozen=True)
class ExportAuthor:
    """Name one writer of the exported site."""

    login: str
    email: str
    name: str


@dataclass(frozen=True)
class ExportTerm:
    """Name one category, tag or term of another taxonomy; `parent` is the parent's slug, or empty."""

    taxonomy: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""
    id: str = ""


@dataclass(frozen=True)
class ExportItem:
    """Hold one post, page, attachment, menu entry or post of another type, with texts as WordPress stored them.

    `title` and `content` are HTML. `date` is in UTC, None for a draft that never had one.
    `meta` keeps order and repeated keys. `terms` holds the assigned terms without their parents.
    """

    id: str
    type: str
    status: str
    title: str
    slug: str
    link: str
    parent_id: str
    menu_order: int
    date: datetime | None
    has_password: bool
    author: str
    content: str
    excerpt: str
    terms: tuple[ExportTerm, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    attachment_url: str = ""
    comment_count: int = 0
    is_sticky: bool = False

    @property
    def source_key(self) -> str:
        """Name the entry for good, like `post:12`; a second import finds it again by this key."""
        return f"{self.type}:{self.id}"

    def meta_values(self, key: str) -> list[str]:
        """Return the values of one meta key in the order of the export, without empty ones and repeats."""
        return list(dict.fromkeys(value for name, value in self.meta if name == key and value))


ExportRecord = ExportHeader | ExportAuthor | ExportTerm | ExportItem
