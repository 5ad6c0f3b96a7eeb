"""What does an import cost? Against the same rows written plainly, one transaction a document."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from cms.content import types
from cms.publishing.actions import import_wordpress
from cms.publishing.snapshot import snapshot
from tests.bench import corpus
from tests.bench.figures import Figure
from tests.bench.processes import cpu_seconds
from tests.factories.site import SYSTEM

GOAL = 4.0
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Bench</title><link>https://bench.example</link>
<language>en</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://bench.example</wp:base_site_url><wp:base_blog_url>https://bench.example</wp:base_blog_url>
"""


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Import DOCUMENTS published posts of about 6 KB, and write as many articles plainly; CPU of client and server."""
    count = int(os.environ.get("DOCUMENTS", "2000"))
    world, section = corpus.make_site()
    plain = list(_articles(world, section, count))
    plain_cpu, plain_wall = _measured(lambda: _write(plain), database_pid)
    export = folder / "export.xml"
    export.write_text(HEAD + "".join(_item(number) for number in range(count)) + "</channel></rss>", encoding="utf-8")
    cpu, wall = _measured(lambda: import_wordpress(file=export, by=SYSTEM, now=corpus.BEGIN), database_pid)
    return [
        Figure(f"import of {count} documents: CPU against plain rows", cpu / plain_cpu, "times", GOAL),
        Figure(f"import of {count} documents: wall against plain rows", wall / plain_wall, "times"),
        Figure("import: CPU a document, client and server", cpu / count * 1e3, "ms"),
        Figure("plain rows: CPU a document, client and server", plain_cpu / count * 1e3, "ms"),
        Figure("import: documents a second", count / wall, "1/s"),
    ]


def _articles(world: corpus.World, section: corpus.Document, count: int) -> Iterator[list[object]]:
    definition, context = types.current().definitions["article"], types.current().context
    for number in range(10**5, 10**5 + count):
        given = corpus.fields(number, section.translation_group_id)
        values = {each.key: given.get(each.key, each.default) for each in definition.fields}
        made = snapshot(values, {}, definition, context)
        yield list(corpus.rows_of(world, section, number, types.current().ids["article"], values, made))


def _write(articles: list[list[object]]) -> None:
    for rows in articles:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)  # type: ignore[attr-defined]


def _measured(work: object, database_pid: int) -> tuple[float, float]:
    before, began = cpu_seconds(os.getpid(), database_pid), time.perf_counter()
    work()  # type: ignore[operator]
    return cpu_seconds(os.getpid(), database_pid) - before, time.perf_counter() - began


def _item(number: int) -> str:
    body = "".join(
        f"<!-- wp:heading --><h2>Chapter {place} of {number}</h2><!-- /wp:heading -->"
        f"<!-- wp:paragraph --><p>{corpus.SENTENCE * 4}Entry {number}.{place}.</p><!-- /wp:paragraph -->"
        for place in range(7)
    )
    return (
        f"<item><title>Article number {number}</title><link>https://bench.example/article-{number}/</link>"
        f"<dc:creator>ada</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded></excerpt:encoded><wp:post_id>{number + 1}</wp:post_id>"
        f"<wp:post_date_gmt>2025-05-05 08:00:00</wp:post_date_gmt><wp:post_name>article-{number}</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent><wp:post_type>post</wp:post_type>"
        "<wp:post_password></wp:post_password></item>\n"
    )
