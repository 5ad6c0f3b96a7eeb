"""Load the demo site: words and pictures become documents as if people had written them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from cms.accounts.actor import system
from cms.accounts.models import Site
from cms.content.draft import Draft
from cms.content.models import Document
from cms.delivery.models import Publication
from cms.publishing.demo.documents import Shelf, fill, make_public, save, sketch, writer_of
from cms.publishing.demo.files import complete, encoders, upload
from cms.publishing.demo.ground import Ground, grant_below, lay
from cms.publishing.queries import findings

CONTENT = Path(__file__).parent / "content"
NAME = "demo"


class DemoBroken(Exception):
    """The demo's own words do not fit together: a link leads nowhere, or a field is missing."""


def load(*, password: str, now: datetime, say: Callable[[str], None]) -> bool:
    """Load what is missing of the demo; False when it is there already.

    Site and people come first, then the files, then all documents in one transaction: a load that was ended is
    completed by the next one. Raises DemoBroken.
    """
    shared = _read("shared")
    if is_loaded(shared["site"]["key"]):
        return False
    by = system(NAME)
    with transaction.atomic():
        ground = lay(shared, password=password, by=by, now=now)
    say("  site and people: done")
    with encoders() as pool:
        files, encoding = upload(ground, shared, pool, by=by, now=now)
        with transaction.atomic():
            shelf = Shelf(ground, files, now)
            _write(shelf, shared, _read("pages"), _read("articles"), say=say)
            _check(ground, now=now)
        complete(encoding, now=now, say=say)
    return True


def is_loaded(key: str) -> bool:
    """Tell whether the documents of the demo are there, which come last."""
    site = Site.objects.filter(key=key).first()
    return site is not None and Document.objects.filter(site=site).exists()


def _read(name: str) -> Any:
    return yaml.safe_load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8"))


def _write(
    shelf: Shelf,
    shared: Mapping[str, Any],
    pages: Sequence[Mapping[str, Any]],
    articles: Sequence[Mapping[str, Any]],
    *,
    say: Callable[[str], None],
) -> None:
    ada, ben, cleo = shelf.person("ada"), shelf.person("ben"), shelf.person("cleo")
    oldest_first = list(reversed(articles))
    items = shared["items"]
    sketch(shelf, items, kind="", by=ada)
    sketch(shelf, pages, kind="page", by=ada)
    for person in shared["people"]:
        if "below" in person:
            root = UUID(shelf.keys[person["below"]])
            grant_below(shelf.ground, person, root, by=system(NAME), now=shelf.now)
    sketch(shelf, oldest_first, kind="article", parent="journal", by=cleo)
    furniture = _furniture(shelf, shared)
    sketch(shelf, furniture, kind="", by=ada)
    for entries, author in ((items, ada), (pages, ada), (oldest_first, cleo)):
        fill(shelf, entries, by=author)
    _fill_furniture(shelf, shared)
    for entries in (items, pages, oldest_first, furniture):
        make_public(shelf, entries, by=ben, say=say)
    for entry in articles:
        if "draft_summary" in entry:
            changed = Draft({"title": entry["en"]["title"], "summary": entry["draft_summary"]})
            save(shelf, entry["key"], "en", changed, by=cleo, now=shelf.now)


def _furniture(shelf: Shelf, shared: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the menus and the settings, in every language."""
    codes = shelf.ground.locales
    names = {"main": {"en": "Main menu", "de": "Hauptmenü"}, "footer": {"en": "Footer", "de": "Fußzeile"}}
    menus = [
        {"key": f"{name}-menu", "type": "menu", **{code: {"name": names[name][code]} for code in codes}}
        for name in shared["menus"]
    ]
    words = {code: {"site_name": shared["settings"][code]["site_name"]} for code in codes}
    return [*menus, {"key": "settings", "type": "site_settings", **words}]


def _fill_furniture(shelf: Shelf, shared: Mapping[str, Any]) -> None:
    ada = shelf.person("ada")
    for code in shelf.ground.locales:
        for name, pages in shared["menus"].items():
            writer = writer_of(shelf, f"{name} {code}")
            links = [writer.menu_link(page) for page in pages]
            save(shelf, f"{name}-menu", code, Draft({"handle": name, "links": links}), by=ada, now=shelf.now)
        settings = shared["settings"]
        writer = writer_of(shelf, f"settings {code}")
        fields = {
            **settings[code],
            "logo": writer.media(settings["logo"]),
            "share_image": writer.media(settings["share_image"]),
            "contact_email": settings["contact_email"],
            "main_menu": shelf.keys["main-menu"],
            "footer_menu": shelf.keys["footer-menu"],
        }
        save(shelf, "settings", code, Draft(fields), by=ada, now=shelf.now)


def _check(ground: Ground, *, now: datetime) -> None:
    """Insist that everything public would have passed the check before publishing. Raises DemoBroken."""
    public = Publication.objects.filter(site=ground.site).values_list("document_id", flat=True)
    rows = Document.objects.select_related("translation_group", "head_revision", "parent").filter(pk__in=public)
    found = [each for each in findings(list(rows), now=now) if each.blocks]
    if found:
        raise DemoBroken("; ".join(f"{each.document} {each.path}: {each.message}" for each in found[:5]))
