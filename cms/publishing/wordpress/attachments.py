"""Which attachment of the export is this image? WordPress writes many addresses for one file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from cms.publishing.wordpress.fragments import text_of
from cms.publishing.wordpress.records import ExportItem
from cms.publishing.wordpress.titles import plain_title

ALT = "_wp_attachment_image_alt"
SIZE_SUFFIX = re.compile(r"-(?:\d+x\d+|scaled|e\d{10,})(?=\.[A-Za-z0-9]+$)")
DATED_PATH = re.compile(r"(?:^|/)(\d{4}/\d{2}/[^/]+)$")


@dataclass(frozen=True)
class PlannedMedia:
    """Describe one file to import; `relative_path` (`2011/07/boat.jpg`) is its place in an uploads folder."""

    source_key: str
    url: str
    relative_path: str
    title: str
    alt: str
    caption: str
    description: str
    parent_id: str
    menu_order: int


@dataclass
class MediaIndex:
    """Map addresses of files to the attachments of the export."""

    media: dict[str, PlannedMedia] = field(default_factory=dict)
    by_file: dict[str, str] = field(default_factory=dict)

    def add(self, item: ExportItem) -> PlannedMedia:
        """Remember an attachment and return its plan."""
        planned = plan_media(item)
        self.media[item.id] = planned
        self.by_file.setdefault(_file_key(planned.url), item.id)
        return planned

    def find(self, address: str) -> PlannedMedia | None:
        """Return the attachment an address means, also by a resized copy, another host or another scheme."""
        key = _file_key(address)
        item_id = self.by_file.get(key) or self.by_file.get(SIZE_SUFFIX.sub("", key))
        return self.media[item_id] if item_id else None

    def of_parent(self, parent_id: str) -> list[PlannedMedia]:
        """Return the attachments of a post in their order, as a gallery without ids shows them."""
        children = [one for one in self.media.values() if one.parent_id == parent_id]
        return sorted(children, key=lambda one: one.menu_order)


def plan_media(item: ExportItem) -> PlannedMedia:
    """Turn an attachment into the plan of its file with the texts that describe it."""
    url = item.attachment_url or item.link
    alternatives = item.meta_values(ALT)
    return PlannedMedia(
        source_key=item.source_key,
        url=url,
        relative_path=relative_path(url),
        title=plain_title(item.title),
        alt=plain_title(alternatives[0]) if alternatives else "",
        caption=text_of(item.excerpt),
        description=text_of(item.content),
        parent_id=item.parent_id,
        menu_order=item.menu_order,
    )


def relative_path(url: str) -> str:
    """Return the place of a file below the uploads folder, or just its name when the address does not say."""
    path = _path(url)
    _, marker, below = path.rpartition("/uploads/")
    if marker:
        return below.strip("/")  # a leading slash would lead out of the folder
    dated = DATED_PATH.search(path)
    return dated[1] if dated else path.rpartition("/")[2]


def _file_key(url: str) -> str:
    """Prefer year, month and name, which survive a change of host or a content network in front."""
    path = _path(url)
    dated = DATED_PATH.search(path)
    return dated[1] if dated else path


def _path(url: str) -> str:
    """Return the decoded path without `..`, so that no address can point outside of the folder of files."""
    try:
        path = unquote(urlsplit(url.strip()).path)
    except ValueError:
        return ""
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in (".", ".."))
