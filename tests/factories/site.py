"""A site with two languages, its types and its home pages; and documents on it, in one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cms.accounts import sites
from cms.accounts.actor import Actor, system
from cms.accounts.models import Locale, Site, SiteLocale
from cms.content.actions import create_document
from cms.content.draft import Draft
from cms.content.models import Document
from cms.content.starter import starter_types
from cms.publishing.actions import apply_types, publish

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SYSTEM = system("tests")


@dataclass
class World:
    """A site to work on."""

    site: Site
    english: Locale
    german: Locale
    home: Document

    def page(self, title: str, *, under: Document | None = None, **fields: Any) -> Document:
        """Make a draft page."""
        return self.document("page", under=under or self.home, title=title, **fields)

    def item(self, kind: str, **fields: Any) -> Document:
        """Make a draft of a type without a place."""
        return self.document(kind, under=None, **fields)

    def document(
        self,
        kind: str,
        *,
        under: Document | None,
        locale: Locale | None = None,
        by: Actor = SYSTEM,
        now: datetime = NOW,
        slug: str = "",
        seo: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> Document:
        """Make a draft of any type."""
        return create_document(
            site_id=self.site.pk,
            locale_id=(locale or self.english).pk,
            type_key=kind,
            parent_id=under.pk if under else None,
            draft=Draft(fields=fields, slug=slug, seo=seo or {}),
            by=by,
            now=now,
        )

    def publish(self, *documents: Document, now: datetime = NOW, by: Actor = SYSTEM) -> None:
        """Publish drafts, all together."""
        publish(document_ids=[each.pk for each in documents], by=by, now=now)


def make_world(*, now: datetime = NOW) -> World:
    """Make a site with English at / and German at /de/, which falls back to English; both home pages published."""
    english = Locale.objects.create(code="en", name="English", search_configuration="english")
    german = Locale.objects.create(code="de", name="Deutsch", search_configuration="german", fallback=["en"])
    site = Site.objects.create(key="main", name="Main", is_default=True, default_locale=english)
    SiteLocale.objects.create(site=site, locale=english, prefix="")
    SiteLocale.objects.create(site=site, locale=german, prefix="de")
    sites.forget()
    apply_types(starter_types(), by=SYSTEM, now=now)
    _forget_types()
    home = create_document(
        site_id=site.pk, locale_id=english.pk, type_key="page", draft=Draft({"title": "Home"}), by=SYSTEM, now=now
    )
    publish(document_ids=[home.pk], by=SYSTEM, now=now)
    return World(site, english, german, home)


def paragraph(html: str, *, block_id: str = "aaaaaaaaaaaa") -> dict[str, Any]:
    """Make a paragraph block."""
    return {"id": block_id, "type": "paragraph", "v": 1, "value": {"html": html}}


def _forget_types() -> None:
    """Tests of one transaction see no commit, after which a process would forget by itself."""
    from cms.content import types as drafts
    from cms.delivery import types as published

    drafts.forget()
    published.forget()
