"""A span of a query is named by what it does and to which table."""

import pytest

from reliability.telemetry.statements import TEXT_CHARACTERS, describe


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ('SELECT "a"."id" FROM "cms_site" "a" INNER JOIN "b" ON (1)', "SELECT cms_site"),
        ('INSERT INTO "cms_document" ("id") VALUES (%s)', "INSERT cms_document"),
        ('update "cms_document" SET x = %s', "UPDATE cms_document"),
        ("DELETE FROM cms_document WHERE id = %s", "DELETE cms_document"),
        ("\n  WITH RECURSIVE x AS (SELECT 1 FROM tree) SELECT * FROM x", "WITH tree"),
        ("BEGIN", "BEGIN"),
        ("", "SQL"),
        ("/* hint */", "SQL"),
    ],
)
def test_a_statement_is_named(sql: str, name: str) -> None:
    assert describe(sql).name == name


def test_the_conventions_name_its_attributes() -> None:
    assert describe("SELECT 1 FROM a").attributes == {
        "db.operation.name": "SELECT",
        "db.collection.name": "a",
        "db.query.text": "SELECT 1 FROM a",
    }


def test_a_long_one_is_cut() -> None:
    assert len(describe("SELECT " + "x" * 9_999).attributes["db.query.text"]) == TEXT_CHARACTERS


def test_what_is_no_text_is_named_by_its_type() -> None:
    assert describe(b"SELECT 1").name == "bytes"
