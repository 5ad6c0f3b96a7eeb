"""Importing an export: everything arrives, once, and nothing that was written here is lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.models import Document, Revision, TranslationGroup
from cms.media.models import Asset
from cms.publishing.actions import ImportRefused, import_wordpress, unpublish
from cms.publishing.actions.importing import writing
from cms.publishing.models import ImportedItem, Schedule
from cms.publishing.wordpress.report import Report
from tests.factories.site import NOW, SYSTEM, World

HARBOR = Path(__file__).parents[2] / "fixtures" / "wordpress" / "harbor.xml"
LATER = NOW + timedelta(days=1)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)


def run(file: Path = HARBOR, *, now: datetime = NOW, **options: Any) -> Report:
    return import_wordpress(file=file, by=SYSTEM, now=now, **options)


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """Make an export that differs from the fixture."""
    text = HARBOR.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "changed.xml"
    file.write_text(text, encoding="utf-8")
    return file


def page(api: Client, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = api.get("/api/v1/pages/", {"path": path}).json()
    return answer


def document_of(source_key: str) -> Document:
    return ImportedItem.objects.select_related("document").get(source_key=source_key).document


def counts() -> dict[str, int]:
    models = (Document, Revision, TranslationGroup, ImportedItem, Schedule)
    return {model.__name__: model._default_manager.count() for model in models}


def test_pages_stand_in_their_tree_with_their_dates(world: World, api: Client) -> None:
    run()

    visit, hours = page(api, "/visit/"), page(api, "/visit/opening-hours/")
    assert (visit["title"], visit["parent"]) == ("Visit", str(world.home.pk))
    assert (hours["title"], hours["parent"]) == ("Opening hours", visit["id"])
    assert hours["first_published_at"] == hours["published_at"] == "2024-03-01T09:00:00Z"


def test_articles_stand_in_a_section_with_authors_categories_and_tags(world: World, api: Client) -> None:
    run()

    fish = page(api, "/blog/fish/")
    keys = {key: str(document_of(key).translation_group_id) for key in ("author:ben", "category:boats", "tag:fog")}
    assert fish["title"] == "Fish & chips: 5 < 6, “fresh” and hot &amp; loud"
    assert fish["fields"]["day"] == "2024-05-01"
    assert [one["key"] for one in fish["fields"]["authors"]] == [keys["author:ben"]]
    assert [one["key"] for one in fish["fields"]["categories"]] == [keys["category:boats"]]
    assert keys["tag:fog"] in [one["key"] for one in fish["fields"]["tags"]]
    assert len(fish["fields"]["tags"]) == 2


def test_a_link_between_imported_documents_leads_to_the_document(world: World, api: Client) -> None:
    run()

    html = page(api, "/blog/fish/")["fields"]["body"][0]["value"]["html"]
    assert '<a href="/visit/#map">' in html


def test_what_was_not_public_stays_a_draft(world: World, api: Client) -> None:
    run()

    drafts = {document_of(key).title: document_of(key).is_published for key in ("post:32", "post:33", "post:35")}
    assert drafts == {"🐟 שלום עולם مرحبا": False, "Second fish": False, "Idea": False}
    assert api.get("/api/v1/pages/?path=/blog/fish-2/").status_code == 404


def test_a_future_post_is_scheduled(world: World) -> None:
    run()

    schedule = Schedule.objects.get()
    assert schedule.document == document_of("post:34")
    assert schedule.run_at == datetime(2031, 6, 1, 7, 30, tzinfo=UTC)


def test_a_future_post_whose_time_has_come_is_published_with_its_date(world: World, tmp_path: Path) -> None:
    run(changed(tmp_path, ("2031-06-01 07:30:00", "2026-10-01 07:30:00")))

    assert not Schedule.objects.exists()
    assert document_of("post:34").first_published_at == datetime(2026, 10, 1, 7, 30, tzinfo=UTC)


def test_a_post_for_a_distant_future_becomes_a_draft(world: World, tmp_path: Path) -> None:
    report = run(changed(tmp_path, ("2031-06-01 07:30:00", "2099-06-01 07:30:00")))

    assert document_of("post:34").head_revision is not None
    assert not Schedule.objects.exists()
    assert "a draft, because it is to be published in more than ten years" in report.sections["adjusted"]


def test_former_addresses_lead_to_the_documents(world: World, api: Client) -> None:
    run()

    assert page(api, "/2024/05/fish/") == {"redirect": {"to": "/blog/fish/", "status": 301}}
    assert page(api, "/directions/") == {"redirect": {"to": "/visit/", "status": 301}}


def test_a_former_address_never_takes_the_place_of_a_page(world: World, api: Client) -> None:
    world.publish(world.page("Directions"))

    run()

    assert page(api, "/directions/")["title"] == "Directions"


def test_a_slug_that_is_taken_gets_a_number(world: World, api: Client) -> None:
    world.publish(world.page("Our own visit", slug="visit"))

    report = run()

    assert page(api, "/visit/")["title"] == "Our own visit"
    assert page(api, "/visit-2/opening-hours/")["title"] == "Opening hours"
    assert {"document": "page:20", "from": "visit", "to": "visit-2"} in report.renamed_slugs


def test_a_path_that_somebody_takes_meanwhile_gets_a_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.publishing.actions.importing.run._taken", lambda target: ())
    world.page("Our own visit", slug="visit")

    run()

    assert document_of("page:20").slug == "visit-2"


def test_the_section_leaves_a_page_named_blog_its_address(world: World, api: Client, tmp_path: Path) -> None:
    run(changed(tmp_path, ("<wp:post_name><![CDATA[visit]]>", "<wp:post_name><![CDATA[blog]]>")))

    assert page(api, "/blog/")["title"] == "Visit"
    assert page(api, "/articles/fish/")["type"] == "article"


def test_a_site_without_a_home_page_gets_one(world: World, api: Client) -> None:
    run(locale_code="de")

    assert page(api, "/?locale=de") is not None
    home = document_of("home:")
    assert (home.title, home.url_path, home.is_published) == ("Harbor & Sea", "/", True)
    assert api.get("/api/v1/pages/?path=/visit/&locale=de").json()["locale"] == "de"


def test_an_import_can_be_put_below_a_page(world: World, api: Client) -> None:
    world.publish(world.page("Archive"))

    run(under="archive")

    assert page(api, "/archive/visit/opening-hours/")["title"] == "Opening hours"
    assert page(api, "/visit/") == {"redirect": {"to": "/archive/visit/", "status": 301}}


def test_a_second_import_changes_nothing(world: World) -> None:
    first = run()
    before = counts()

    second = run(now=LATER)

    assert first.actions["created"] == 16
    assert dict(second.actions) == {"unchanged": 16}
    assert counts() == before


def test_a_changed_export_updates_what_it_brought(world: World, api: Client, tmp_path: Path) -> None:
    run()
    before = counts()

    report = run(changed(tmp_path, ("Come by boat.", "Come by train."), ("<title><![CDATA[Visit]]>", "<title>Call")))

    assert dict(report.actions) == {"updated": 1, "unchanged": 15}
    assert page(api, "/visit/")["title"] == "Call"
    assert "train" in page(api, "/visit/")["fields"]["body"][0]["value"]["html"]
    assert page(api, "/visit/")["first_published_at"] == "2024-02-01T09:00:00Z"
    assert counts() == before | {"Revision": before["Revision"] + 1}


def test_a_changed_slug_and_parent_are_followed(world: World, api: Client, tmp_path: Path) -> None:
    run()

    run(
        changed(
            tmp_path,
            ("<wp:post_parent>20<", "<wp:post_parent>0<"),
            ("<wp:post_name><![CDATA[opening-hours]]>", "<wp:post_name><![CDATA[hours]]>"),
        ),
        now=LATER,
    )

    assert page(api, "/hours/")["title"] == "Opening hours"
    assert page(api, "/visit/opening-hours/") == {"redirect": {"to": "/hours/", "status": 301}}


def test_a_numbered_slug_is_kept_by_an_update(world: World, tmp_path: Path) -> None:
    world.page("Our own visit", slug="visit")
    run()

    run(changed(tmp_path, ("Come by boat.", "Come by train.")))

    assert document_of("page:20").slug == "visit-2"


def test_what_was_edited_here_is_not_overwritten(world: World, tmp_path: Path) -> None:
    run()
    visit = document_of("page:20")
    save_draft(document_id=visit.pk, base_version=1, draft=Draft({"title": "Ours"}), by=SYSTEM, now=LATER)

    report = run(changed(tmp_path, ("Come by boat.", "Come by train.")))

    assert document_of("page:20").title == "Ours"
    assert dict(report.sections["skipped"]["edited here"].documents) == {"page:20": 1}


def test_what_was_withdrawn_here_is_not_published_again(world: World, tmp_path: Path) -> None:
    run()
    unpublish(document_ids=[document_of("page:20").pk], by=SYSTEM, now=LATER)

    report = run(changed(tmp_path, ("Come by boat.", "Come by train.")))

    assert not document_of("page:20").is_published
    assert dict(report.sections["skipped"]["withdrawn from the public here"].documents) == {"page:20": 1}


def test_an_import_that_broke_off_is_completed_by_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    create, written = writing.create, 0

    def break_off(*args: Any, **options: Any) -> Document:
        nonlocal written
        written += 1
        if written == 9:
            raise KeyboardInterrupt
        return create(*args, **options)

    monkeypatch.setattr(writing, "create", break_off)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()

    report = run()

    assert dict(report.actions) == {"created": 8, "unchanged": 8}
    assert ImportedItem.objects.count() == 16
    assert dict(run().actions) == {"unchanged": 16}


def test_a_failure_within_a_document_leaves_nothing_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(writing, "_redirect_former", fail)
    before = counts()

    with pytest.raises(RuntimeError):
        run()

    assert counts() == before


def test_a_dry_run_writes_nothing_and_says_the_same(world: World, tmp_path: Path) -> None:
    world.page("Our own visit", slug="visit")
    before = counts()

    tried = run(dry_run=True)

    assert counts() == before
    assert tried.as_dict() == run().as_dict()
    assert run(dry_run=True).as_dict() == run().as_dict()


def test_an_author_with_the_same_email_is_taken_and_left_alone(world: World, api: Client) -> None:
    ada = world.item("author", name="Ada Lovelace", email="Ada@Harbor.example")
    world.publish(ada)

    run()

    authors = page(api, "/blog/post-31/")["fields"]["authors"]
    assert [one["key"] for one in authors] == [str(ada.translation_group_id)]
    assert Document.objects.filter(type__key="author").count() == 2
    ada.refresh_from_db()
    assert (ada.title, ada.version) == ("Ada Lovelace", 1)


def test_the_email_of_an_author_is_not_published(world: World, api: Client) -> None:
    run()

    answer = api.get("/api/v1/documents/?type=author")
    assert {one["title"] for one in answer.json()["items"]} == {"Ada Quay", "ben"}
    assert b"harbor.example" not in answer.content


def test_files_of_the_folder_become_assets(world: World, api: Client, tmp_path: Path) -> None:
    (tmp_path / "2024/05").mkdir(parents=True)
    (tmp_path / "2024/05/gull.png").write_bytes(PNG)
    file = changed(tmp_path, ("gull.jpg", "gull.png"))

    run(file, media=tmp_path)

    asset = Asset.objects.get()
    assert (asset.file_name, asset.title, asset.alt) == ("gull.png", "A gull", {"en": "A gull & a rope"})
    assert page(api, "/blog/fish/")["fields"]["hero"]["asset"] == str(asset.pk)
    assert dict(run(file).actions) == {"unchanged": 16}


def test_a_file_that_is_missing_or_refused_is_reported(world: World, tmp_path: Path) -> None:
    missing = run(media=tmp_path)
    (tmp_path / "2024/05").mkdir(parents=True)
    (tmp_path / "2024/05/gull.jpg").write_text("no picture")
    refused = run(media=tmp_path)

    assert "a file that is not in the folder given with --media" in missing.sections["skipped"]
    assert any(reason.startswith("gull.jpg is refused") for reason in refused.sections["skipped"])
    assert not Asset.objects.exists()


def test_an_address_cannot_lead_out_of_the_folder_of_files(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    (tmp_path / "uploads").mkdir()
    gull = "wp-content/uploads/2024/05/gull.jpg"

    for address in (f"wp-content/uploads/{secret}", "wp-content/uploads/../secret.png", "uploads/%2e%2e/secret.png"):
        run(changed(tmp_path, (gull, address)), media=tmp_path / "uploads")

    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"site_key": "moon"}, "There is no site moon; there are: main."),
        ({"locale_code": "fr"}, "Locale fr is not on site main; it has: en, de."),
        ({"under": "/nowhere/"}, "There is no page at /nowhere/ to import below"),
        ({"media": Path("/nowhere")}, "/nowhere is no folder"),
    ],
)
def test_a_wrong_target_is_refused_and_nothing_is_written(world: World, options: dict[str, Any], sentence: str) -> None:
    before = counts()

    with pytest.raises(ImportRefused, match=sentence):
        run(**options)

    assert counts() == before


def test_an_export_is_imported_into_one_locale_only(world: World) -> None:
    run()

    with pytest.raises(ImportRefused, match="was imported into en before"):
        run(locale_code="de")
