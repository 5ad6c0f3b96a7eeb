"""What does an editor hand in, and what is stored of it? Pure: a draft is checked, completed and taken apart.

A draft is one mapping of field keys to values, plus the slug and what search engines see. It is stored in two parts:
fields of this locale in the revision, fields that all translations share in their group.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.content.blocks import is_readable, iterate
from cms.content.definition import TypeDefinition
from cms.content.fields.kind import Context
from cms.content.fields.record import clean_record, links_of, words_of
from cms.content.problems import InvalidValue, Problem
from cms.content.slugs import is_valid_slug
from reliability.wording import say as _

SEO_KEYS = ("title", "description")
SEO_MAX_LENGTH = 320


@dataclass(frozen=True)
class Draft:
    """Fields by key, the slug ("" proposes one), and title and description for search engines."""

    fields: Mapping[str, Any]
    slug: str = ""
    seo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A draft, clean and taken apart."""

    local: dict[str, Any]
    shared: dict[str, Any]
    slug: str
    seo: dict[str, str]

    @property
    def fields(self) -> dict[str, Any]:
        return {**self.shared, **self.local}

    @property
    def data(self) -> dict[str, Any]:
        """What the revision keeps."""
        return {"fields": self.local, "slug": self.slug, "seo": self.seo}


def clean(draft: Draft, definition: TypeDefinition, context: Context, *, earlier: Mapping[str, Any]) -> Stored:
    """Check the shape of a draft, and complete it by what the document has already or by defaults.

    `earlier` are the fields of the saved revision in today's form; a field that the draft leaves out keeps its value.
    Raises InvalidValue with every problem.
    """
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    try:
        given = clean_record(definition.fields, draft.fields, "", context)
    except InvalidValue as error:
        problems += error.problems
    problems += _seo_problems(draft.seo)
    if problems:
        raise InvalidValue(problems)
    values = {each.key: given.get(each.key, earlier.get(each.key, each.default)) for each in definition.fields}
    return Stored(
        local={each.key: values[each.key] for each in definition.localized_fields},
        shared={each.key: values[each.key] for each in definition.shared_fields},
        slug=draft.slug,
        seo={key: draft.seo[key].strip() for key in SEO_KEYS if draft.seo.get(key, "").strip()},
    )


def checked_slug(slug: str) -> str:
    """Insist on a slug that can stand in an address. Raises InvalidValue."""
    if is_valid_slug(slug):
        return slug
    message = _("Use lower-case letters and digits with single hyphens between them, such as our-history.")
    raise InvalidValue([Problem("slug", "invalid_slug", message)])


def refuse_reserved(slug: str, reserved: Collection[str]) -> None:
    """Insist that a page directly below the home page does not hide behind an address of the system."""
    if slug in reserved:
        message = _("The address /{slug}/ belongs to the system. Choose another slug.", slug=slug)
        raise InvalidValue([Problem("slug", "reserved_slug", message)])


def title_of(fields: Mapping[str, Any], definition: TypeDefinition) -> str:
    """Give the title by which lists name the document; "" when it has none."""
    return str(fields.get(definition.title) or "") if definition.title else ""


def words(fields: Mapping[str, Any], definition: TypeDefinition, context: Context) -> str:
    """Give all words of a document, for the search of editors."""
    return words_of(definition.fields, fields, context)


def links(fields: Mapping[str, Any], definition: TypeDefinition, context: Context) -> list[Any]:
    """List everything that a document points to."""
    return links_of(definition.fields, fields, "", context)


def unreadable_blocks(fields: Mapping[str, Any], definition: TypeDefinition, context: Context) -> dict[str, Any]:
    """Collect the saved blocks, by id, that this code cannot read; they may be handed in again only unchanged."""
    kept = {}
    for each in definition.fields:
        if each.kind == "blocks":
            for block in iterate(fields.get(each.key) or [], context.types):
                if not is_readable(block, context.types):
                    kept[block["id"]] = block
    return kept


def _seo_problems(seo: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for key, value in seo.items():
        if key not in SEO_KEYS:
            problems.append(Problem(f"seo.{key}", "unknown_field", _("Known are: {known}.", known=", ".join(SEO_KEYS))))
        elif not isinstance(value, str) or len(value) > SEO_MAX_LENGTH:
            problems.append(
                Problem(f"seo.{key}", "too_long", _("At most {most} characters of text.", most=SEO_MAX_LENGTH))
            )
    return problems
