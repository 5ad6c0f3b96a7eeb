"""The thousandth document of an import costs what the first one did."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.accounts.ids import new_id
from cms.delivery.models import Publication
from cms.publishing import published_tree
from cms.publishing.actions import import_wordpress
from tests.factories.site import NOW, SYSTEM, World

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbor</title><link>https://harbor.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://harbor.example</wp:base_site_url>{items}</channel></rss>"""
ITEM = """<item><title>Catch {number}</title><link>https://harbor.example/catch-{number}/</link>
<content:encoded><![CDATA[<p>Herring.</p>]]></content:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date_gmt>2025-05-05 08:00:00</wp:post_date_gmt><wp:post_name>catch-{number}</wp:post_name>
<wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent><wp:post_type>post</wp:post_type></item>"""


def statements_to_import(folder: Path, count: int) -> list[str]:
    """Import as many posts; those that were imported before cost nothing."""
    file = folder / "export.xml"
    items = "".join(ITEM.format(number=number) for number in range(1, count + 1))
    file.write_text(EXPORT.format(items=items), encoding="utf-8")
    with CaptureQueriesContext(connection) as statements:
        import_wordpress(file=file, by=SYSTEM, now=NOW)
    return [each["sql"] for each in statements.captured_queries]


def test_a_document_takes_the_same_number_of_statements_among_many_siblings(world: World, tmp_path: Path) -> None:
    before = len(statements_to_import(tmp_path, 1)), len(statements_to_import(tmp_path, 1))
    first = len(statements_to_import(tmp_path, 2)) - before[1]

    twenty = len(statements_to_import(tmp_path, 22)) - before[1]

    assert twenty == 20 * first


def test_a_document_that_is_published_at_once_is_written_once(world: World, tmp_path: Path) -> None:
    statements_to_import(tmp_path, 1)

    statements = statements_to_import(tmp_path, 2)

    assert [each for each in statements if each.startswith('UPDATE "cms_content_document"')] == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite tells its plans in another way")
def test_a_path_is_claimed_without_reading_the_other_publications(world: World) -> None:
    home = Publication.objects.get()
    for number in range(2_000):
        home.pk, home.document_id, home.url_path = new_id(), new_id(), f"/catch-{number}/"
        home.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cms_delivery_publication")
        new = [new_id(), world.site.pk, world.english.pk, "/new/", new_id(), new_id(), "auto", NOW]

        cursor.execute(f"EXPLAIN {published_tree.CLAIM}", [*new, world.site.pk, world.english.pk, "/new/", new_id()])

        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "url_path)::text = '/new/'" in plan.partition("Index Cond: ")[2].partition("\n")[0]
