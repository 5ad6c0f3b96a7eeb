"""Beside the form: in which state the document is, and what this person may do with it."""

from dataclasses import dataclass
from typing import Any

from cms.accounts import sites
from cms.content import types
from cms.content.models import Document
from cms.content.queries import fields_of
from cms.delivery.models import Publication
from cms.editor.labels import label_in
from cms.editor.statuses import Status, status_of
from cms.editor.views.access import Person, url
from cms.publishing.models import Schedule
from cms.publishing.queries import findings, pending, visible


@dataclass(frozen=True)
class Check:
    """One finding of pre-flight, in words, with the place to jump to."""

    anchor: str
    label: str
    message: str
    blocks: bool


@dataclass(frozen=True)
class Panel:
    """What stands beside a form."""

    status: Status
    may: dict[str, bool]
    checks: list[Check]
    schedules: list[Schedule]
    translations: list[dict[str, Any]]
    live_url: str
    is_page: bool
    is_home: bool

    @property
    def is_ready(self) -> bool:
        """Whether nothing keeps the draft from being published."""
        return not any(each.blocks for each in self.checks)


def panel_of(document: Document, person: Person) -> Panel:
    """Read what stands beside the form of a document."""
    scheduled = pending(document.pk)
    is_page = document.url_path is not None
    return Panel(
        status=status_of(document, has_schedule="publish" in scheduled),
        may={each: person.may(each, document) for each in ("edit", "publish", "move", "delete", "create")},
        checks=checks_of(document, person) if document.deleted_at is None else [],
        schedules=sorted(scheduled.values(), key=lambda each: each.run_at),
        translations=_translations(document, person),
        live_url=live_url(document, person),
        is_page=is_page,
        is_home=is_page and document.parent_id is None,
    )


def checks_of(document: Document, person: Person) -> list[Check]:
    """Run pre-flight over the saved draft; what blocks comes first."""
    definition = types.current().by_id(document.type_id)
    found, fields = findings([document], now=person.now), fields_of(document)
    checks = [
        Check(f"f.{each.path}", label_in(each.path, definition, fields), each.message, each.blocks) for each in found
    ]
    return sorted(checks, key=lambda each: not each.blocks)


def live_url(document: Document, person: Person) -> str:
    """Give the address at which readers see the document now; "" if they see none."""
    rows = visible(Publication.objects.filter(document_id=document.pk), now=person.now)
    path = rows.values_list("url_path", flat=True).first()
    site = sites.current().by_id[document.site_id]
    code = sites.current().locales[document.locale_id].code
    return site.url(code, path) if path else ""


def _translations(document: Document, person: Person) -> list[dict[str, Any]]:
    """List the other languages of the site: each with its document, or with the way to begin one."""
    site = sites.current().by_id[document.site_id]
    siblings = Document.objects.filter(translation_group_id=document.translation_group_id).defer(
        "search", "search_text"
    )
    by_locale = {each.locale_id: each for each in siblings}
    found = []
    for locale in site.locales.values():
        if locale.id == document.locale_id:
            continue
        sibling = by_locale.get(locale.id)
        found.append({
            "locale": locale,
            "document": sibling,
            "url": url("change", sibling.pk) if sibling else url("translate", document.pk) + f"?locale={locale.code}",
            "is_outdated": sibling is not None and sibling.updated_at < document.updated_at,
        })  # fmt: skip
    return found
