"""A site full of articles of about 6 KB, the same at every run, published in bulk or one by one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from cms.accounts.ids import new_id
from cms.content import types
from cms.content.canonical import canonical
from cms.content.models import Document, Revision, TranslationGroup
from cms.delivery.models import Path, Publication, PublicationField, PublicationReference
from cms.publishing.snapshot import snapshot
from tests.factories.site import World, make_world

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 500
MODELS = (TranslationGroup, Document, Revision, Publication, Path, PublicationField, PublicationReference)
SENTENCE = (
    "The keeper walked along the shore at low tide, counted the boats that had come in, and wrote their names and the "
    "weather into the large book beside the window. "
)


def make_site() -> tuple[World, Document]:
    """Make a site with a published section for the articles."""
    world = make_world(now=BEGIN)
    section = world.document("section", under=world.home, title="News", now=BEGIN)
    world.publish(section, now=BEGIN)
    return world, section


def fields(number: int, link: UUID) -> dict[str, Any]:
    """Give the fields of an article: fourteen blocks, one of them with a link."""
    body: list[dict[str, Any]] = []
    for place in range(7):
        body.append(_block(number, place, "heading", {"text": f"Chapter {place} of {number}", "level": "2"}))
        href = f'<a href="cms:document/{link}">the news</a>' if place == 0 else "the news"
        html = f"<p>{SENTENCE * 4}Entry {number}.{place}, more in {href}.</p>"
        body.append(_block(number, place, "paragraph", {"html": html}))
    return {"title": f"Article number {number}", "summary": SENTENCE, "day": "2026-05-05", "body": body}


def fill(world: World, section: Document, count: int, *, first: int = 0) -> None:
    """Insert published articles in bulk, as publishing would leave them; search vectors by one statement."""
    definition = types.current().definitions["article"]
    context = types.current().context
    type_id = types.current().ids["article"]
    for start in range(first, first + count, BATCH):
        rows: dict[type[Any], list[Any]] = {}
        for number in range(start, min(start + BATCH, first + count)):
            values = fields(number, section.translation_group_id)
            complete = {each.key: values.get(each.key, each.default) for each in definition.fields}
            made = snapshot(complete, {}, definition, context)
            for row in rows_of(world, section, number, type_id, complete, made):
                rows.setdefault(type(row), []).append(row)
        with transaction.atomic():  # Documents and revisions name each other.
            for model in MODELS:
                model.objects.bulk_create(rows.get(model, []))


def rows_of(world: World, section: Document, number: int, type_id: UUID, values: Any, made: Any) -> Iterator[Any]:
    """Give every row that a published article consists of, not yet saved, in an order in which they can be."""
    at = BEGIN + timedelta(minutes=number)
    group = TranslationGroup(id=new_id(), site=world.site, type_id=type_id)
    place = {"site": world.site, "locale": world.english}
    slug, path = f"article-{number}", f"/news/article-{number}/"
    document = Document(
        id=new_id(), type_id=type_id, translation_group=group, parent=section, order_key=f"{number:08d}", slug=slug,
        url_path=path, title=made.title, published_version=1, first_published_at=at, published_at=at, created_at=at,
        updated_at=at, search_text=made.text, **place,
    )  # fmt: skip
    text = canonical({"fields": values, "slug": slug, "seo": {}})
    revision = Revision(
        id=new_id(), document=document, number=1, type_version=1, data=text, shared="{}", base_version=0,
        created_at=at, size_bytes=len(text),
    )  # fmt: skip
    document.head_revision = document.live_revision = revision
    row = Publication(
        id=new_id(), document_id=document.pk, revision_id=revision.pk, translation_key=group.pk, type_key="article",
        type_version=1, parent_id=section.pk, order_key=document.order_key, slug=slug, url_path=path, title=made.title,
        data=made.data, seo=made.seo, depends=made.depends, search_text=made.text, visible_from=at, version=1,
        first_published_at=at, published_at=at, updated_at=at, **place,
    )  # fmt: skip
    yield from (group, document, revision, row)
    yield Path(document_id=document.pk, translation_key=group.pk, path=path, valid_from=at, **place)
    for key, found in made.values.items():
        for each in found:
            yield PublicationField(
                publication=row, type_key="article", field=key, text=each.text, number=each.number, time=each.time,
                ref=UUID(each.ref) if each.ref else None, published_at=at, **place,
            )  # fmt: skip
    for link in made.links:
        yield PublicationReference(publication=row, target=UUID(link.to_key or link.to_asset), kind=link.kind)


COPIES = """
CREATE TEMPORARY TABLE copies AS
SELECT d.id AS old_document, d.translation_group_id AS old_group, d.head_revision_id AS old_revision, p.id AS old_row,
  gen_random_uuid() AS document, gen_random_uuid() AS new_group, gen_random_uuid() AS revision,
  gen_random_uuid() AS row,
  n AS copy
FROM cms_content_document d JOIN cms_delivery_publication p ON p.document_id = d.id,
  generate_series(1, %s) n WHERE p.type_key = 'article'"""
RENAMED = {
    "cms_content_translationgroup": ("c.old_group", {"id": "c.new_group"}),
    "cms_content_document": (
        "c.old_document",
        {
            "id": "c.document", "translation_group_id": "c.new_group", "head_revision_id": "c.revision",
            "live_revision_id": "c.revision", "slug": "s.slug || '-' || c.copy",
            "url_path": "rtrim(s.url_path, '/') || '-' || c.copy || '/'",
        },
    ),
    "cms_content_revision": ("c.old_revision", {"id": "c.revision", "document_id": "c.document"}),
    "cms_delivery_publication": (
        "c.old_row",
        {
            "id": "c.row", "document_id": "c.document", "revision_id": "c.revision", "translation_key": "c.new_group",
            "slug": "s.slug || '-' || c.copy", "url_path": "rtrim(s.url_path, '/') || '-' || c.copy || '/'",
            "published_at": "s.published_at + c.copy * interval '1 second'",
        },
    ),
}  # fmt: skip
BY_COLUMN = {
    "cms_delivery_path": (
        "document_id = c.old_document",
        {
            "id": "gen_random_uuid()", "document_id": "c.document", "translation_key": "c.new_group",
            "path": "rtrim(s.path, '/') || '-' || c.copy || '/'",
        },
    ),
    "cms_delivery_publicationfield": (
        "publication_id = c.old_row",
        {"id": "gen_random_uuid()", "publication_id": "c.row",
         "published_at": "s.published_at + c.copy * interval '1 second'"},
    ),
    "cms_delivery_publicationreference": (
        "publication_id = c.old_row", {"id": "gen_random_uuid()", "publication_id": "c.row"}
    ),
}  # fmt: skip


def multiply(times: int) -> None:
    """Copy every article `times` times, inside the database (PostgreSQL): what fills 100,000 in a minute."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPIES, [times])
        for table, (key, renamed) in RENAMED.items():
            _copy(cursor, table, f"s.id = {key}", renamed)
        for table, (condition, renamed) in BY_COLUMN.items():
            _copy(cursor, table, f"s.{condition}", renamed)
        cursor.execute("DROP TABLE copies")


def _copy(cursor: Any, table: str, condition: str, renamed: dict[str, str]) -> None:
    columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    values = ", ".join(renamed.get(name, f"s.{name}") for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} s JOIN copies c ON {condition}"
    )


def _block(number: int, place: int, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{kind[0]}{number % 10**6:06d}{place:05d}", "type": kind, "v": 1, "value": value}
