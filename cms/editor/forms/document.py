"""The form of a document: what it holds, where its values come from, and what is handed in of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict

from cms.content import types
from cms.content.definition import TypeDefinition
from cms.content.diff import same
from cms.content.draft import SEO_KEYS, Draft, clean, unreadable_blocks
from cms.content.models import Document, Revision
from cms.content.problems import InvalidValue, Problem
from cms.content.queries import fields_in, fields_of
from cms.editor.forms import CONTROLS
from cms.editor.forms.posted import Posted


@dataclass
class DocumentForm:
    """Fields, slug and SEO as somebody sees them, and the versions they started from."""

    definition: TypeDefinition
    data: dict[str, Any]
    slug: str = ""
    seo: dict[str, str] = field(default_factory=dict)
    version: int = 0
    shared_version: int = 0
    revision: str = ""
    problems: list[Problem] = field(default_factory=list)
    is_complete: bool = True
    """Whether the end of the form arrived; a sent form may be cut off on its way."""

    @property
    def draft(self) -> Draft:
        """What is handed in for saving."""
        readable = {each.key for each in self.definition.fields}
        return Draft({key: value for key, value in self.data.items() if key in readable}, slug=self.slug, seo=self.seo)


def blank(definition: TypeDefinition) -> DocumentForm:
    """Make the form of a document that does not exist yet."""
    return DocumentForm(definition, {each.key: each.default for each in definition.fields})


def of_document(document: Document) -> DocumentForm:
    """Make the form of a document as it is saved."""
    definition = types.current().by_id(document.type_id)
    revision = document.head_revision
    return DocumentForm(
        definition,
        fields_of(document),
        slug=document.slug,
        seo=dict(revision.values.get("seo", {})) if revision else {},
        version=document.version,
        shared_version=document.translation_group.version,
        revision=str(revision.pk) if revision else "",
    )


def of_post(
    query: QueryDict, definition: TypeDefinition, *, zone: ZoneInfo, earlier: Mapping[str, Any]
) -> DocumentForm:
    """Read a sent form; fields that the browser left out keep their `earlier` values."""
    posted = Posted(query, CONTROLS, types.current().blocks, zone)
    data = posted.record([each for each in definition.fields if not each.retired and not each.read_only], "")
    return DocumentForm(
        definition,
        {**earlier, **data},
        slug=query.get("slug", "").strip(),
        seo={key: query.get(f"seo.{key}", "") for key in SEO_KEYS},
        version=whole(query.get("version")),
        shared_version=whole(query.get("shared_version")),
        revision=query.get("revision", ""),
        problems=posted.problems,
        is_complete="complete" in query,
    )


def check(form: DocumentForm, earlier: Mapping[str, Any]) -> list[Problem]:
    """Return every fault of the form; what the form itself found wins over what is then wrong with the value."""
    context = replace(types.current().context, kept=_kept(form.definition, earlier))
    found: list[Problem] = list(form.problems)
    own = {each.path for each in found}
    try:
        clean(form.draft, form.definition, context, earlier=earlier)
    except InvalidValue as error:
        found += [each for each in error.problems if each.path not in own]
    return found


def is_changed(form: DocumentForm, document: Document) -> bool:
    """Tell whether saving the form would change anything. Raises InvalidValue."""
    earlier = fields_of(document)
    context = replace(types.current().context, kept=_kept(form.definition, earlier))
    stored = clean(form.draft, form.definition, context, earlier=earlier)
    seo = document.head_revision.values.get("seo", {}) if document.head_revision else {}
    is_same_slug = not form.slug or form.slug == document.slug
    return not (is_same_slug and same(stored.seo, seo) and same(stored.fields, {**stored.fields, **earlier}))


def cleaned(form: DocumentForm, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the form as they would be stored. Raises InvalidValue."""
    context = replace(types.current().context, kept=_kept(form.definition, earlier))
    return clean(form.draft, form.definition, context, earlier=earlier).fields


def base_of(document: Document, revision_id: str) -> tuple[dict[str, Any], Revision | None]:
    """Return the fields of the revision that a form started from; none of them if it is not there any more."""
    try:
        pk = UUID(revision_id)
    except ValueError:
        return {}, None
    revision = Revision.objects.select_related("document").filter(pk=pk, document_id=document.pk).first()
    return (fields_in(revision), revision) if revision else ({}, None)


def whole(text: str | None) -> int:
    """Return the whole number that a hidden field holds, 0 for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _kept(definition: TypeDefinition, earlier: Mapping[str, Any]) -> dict[str, Any]:
    return unreadable_blocks(earlier, definition, types.current().context)
