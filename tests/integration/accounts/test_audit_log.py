"""The record of what was done: read in words, exported, and never changed."""

import csv
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.accounts.models import AuditEntry, User
from tests.factories.people import NOW, SYSTEM

LOG = "/admin/cms_accounts/auditentry/"


def write(action: str = "cms.document.publish", *, name: str = "About us", by: Actor = SYSTEM, **fields: Any) -> None:
    values = {"now": NOW, "object_type": "page", "object_id": "7", **fields}
    audit.record([audit.entry(action, by=by, name=name, **values)])


def test_an_entry_is_read_as_a_sentence(admin_of_all: Client) -> None:
    write(before={"slug": "about"}, after={"slug": "about-us"})

    answer = admin_of_all.get(LOG)

    assert "tests published “About us”" in answer.content.decode()
    assert "slug: about → about-us" in answer.content.decode()


def test_an_action_without_a_sentence_is_named(admin_of_all: Client) -> None:
    write("cms.release.create", name="Spring")

    assert "tests: cms.release.create “Spring”" in admin_of_all.get(LOG).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("action=cms.document.move", {"Moved"}),
        ("person={ada}", {"By Ada"}),
        ("person=nobody", set()),
        ("q=moved", {"Moved"}),
        ("q=77", {"By Ada"}),
        ("at__gte=2026-11-03 00:00:00%2B00:00", {"By Ada"}),
    ],
)
def test_entries_are_filtered(ada: User, admin_of_all: Client, query: str, expected: set[str]) -> None:
    write("cms.document.move", name="Moved")
    write(name="By Ada", by=Actor(id=ada.pk, name="Ada"), object_id="77", now=NOW + timedelta(days=2))

    answer = admin_of_all.get(LOG + "?" + query.format(ada=ada.pk))

    names = {entry.object_name for entry in answer.context["cl"].result_list}
    assert names & {"Moved", "By Ada"} == expected


def test_the_list_has_an_export_with_the_same_filters(admin_of_all: Client) -> None:
    write("cms.document.move", name="Moved")
    write(name="Published")

    page = admin_of_all.get(LOG + "?action=cms.document.move")
    answer = admin_of_all.get(LOG + "export.jsonl?action=cms.document.move")

    rows = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert b'href="export.jsonl?action=cms.document.move"' in page.content
    assert [(row["object_name"], row["sentence"], row["at"]) for row in rows] == [
        ("Moved", "tests moved Moved", "2026-11-02T08:00:00+00:00")
    ]


def test_the_export_for_spreadsheets_holds_no_formulas(admin_of_all: Client) -> None:
    write(name='=HYPERLINK("https://evil.example")', after={"title": "Ünïcode, “quoted”"})

    answer = admin_of_all.get(LOG + "export.csv?action=cms.document.publish")

    rows = list(csv.DictReader(StringIO(answer.getvalue().decode())))
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert rows[0]["object_name"] == '\'=HYPERLINK("https://evil.example")'
    assert json.loads(rows[0]["after"]) == {"title": "Ünïcode, “quoted”"}


def test_an_unknown_format_is_not_found(admin_of_all: Client) -> None:
    assert admin_of_all.get(LOG + "export.exe").status_code == 404


def test_the_log_cannot_be_changed_in_the_admin(admin_of_all: Client) -> None:
    write()
    entry = AuditEntry.objects.get(object_name="About us")

    statuses = [
        admin_of_all.post(f"{LOG}{entry.pk}/{what}/", {"post": "yes"}).status_code for what in ("change", "delete")
    ]

    assert statuses == [403, 403]


@pytest.mark.postgres
@pytest.mark.parametrize("sql", ["UPDATE {} SET actor_name = 'nobody'", "DELETE FROM {}"])
@pytest.mark.django_db
def test_postgresql_refuses_to_change_or_delete_the_record(sql: str) -> None:
    write(now=timezone.now() - timedelta(days=399))

    with pytest.raises(IntegrityError, match="audit entries are"), transaction.atomic():
        _execute(sql)

    assert AuditEntry.objects.get().actor_name == "tests"


@pytest.mark.postgres
@pytest.mark.django_db
def test_entries_older_than_400_days_can_be_deleted() -> None:
    write(now=timezone.now() - timedelta(days=401))

    _execute("DELETE FROM {}")

    assert not AuditEntry.objects.exists()


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(AuditEntry._meta.db_table))
