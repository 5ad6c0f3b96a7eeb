"""Whoever chose German reads no English: on no screen does a text stand as it does for English readers."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.models import Role, User
from cms.content import types
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.models import Document
from cms.media.actions import upload_asset
from cms.publishing.actions import apply_types
from reliability.slo import queries
from tests.factories.flags import FOR_ADA, make_flag
from tests.factories.pictures import picture
from tests.factories.site import NOW, SYSTEM, World, paragraph
from tests.factories.slo import record_a_month
from tests.integration.language.words import words_of

pytestmark = pytest.mark.django_db
Reader = Callable[..., Client]
LIST = "/admin/cms_content/document/"
PEOPLE = "/admin/cms_accounts/"
FLAGS = "/admin/reliability_flags/flag/"
WORD = re.compile(r"[^\W\d_]{2}")
ALIKE = frozenset((
    "Upgrade CMS", "Code", "Filter", "Flag", "Flags", "HTML", "Hosts", "Hosts:", "Link", "Links", "Logo", ": Logo",
    "Name", "Name:", "Navigation", "Person (targetingKey)", "Region", "Status", "Text", "Webhooks", "Website",
))  # fmt: skip
"""What is German too."""
OF_DJANGO = frozenset(("Search", "True", "False"))
"""Alternative texts of Django's own icons, which it does not translate."""
DATA = re.compile("|".join((
    r"(› |: |Main: )?(English|Deutsch|Main|Home|Heike|Zebra|main( /.*)?)( · Upgrade CMS)?",  # names
    r"(new-editor|old-editor)( · Upgrade CMS)?|on|off|for a test|de|en|administrator|author|editor",  # keys
    r"[a-z]+-[a-z]+(-[a-z]+)*|editorial|search|site|blue|green|· [a-z]+-[a-z]+",  # of flags and regions
    r"[a-z]+_[a-z]+|colour|environment|groups|locale|path|region|release|targetingKey",  # attributes
    r"/[a-z/]*/|[a-z0-9]+@example\.org|UTC",  # addresses
    r"halves\.png.*|JPEG|PNG.*|[0-9.]+ KB|w[0-9]+\.[a-z]+",  # files
    r"(revision|version|role|title|path|file_name|mime|size_bytes): .*",  # the record
)))  # fmt: skip
"""What is nobody's word but somebody's data."""


@pytest.fixture
def month(db: None) -> Iterator[None]:
    record_a_month(now=timezone.now())
    queries.forget()
    yield
    queries.forget()


def test_no_text_of_a_screen_is_the_same_in_both_languages(world: World, reader: Reader, month: None) -> None:
    heike, ada = reader("de"), reader("en")
    left: list[str] = []

    for path in _screens(world):
        language, german = _read(heike, path)
        english = _read(ada, path)[1]
        assert language == "de", path
        same = [each for each in german if each in english and WORD.search(each)]
        left += [f"{path}: {each}" for each in same if not (each in ALIKE | OF_DJANGO or DATA.fullmatch(each))]

    assert left == []


@pytest.mark.parametrize(
    ("path", "sentences"),
    [
        ("/admin/", ("Hallo, Heike", "Hier weitermachen", "Unveröffentlichte Änderungen", "Zeitplan")),
        (LIST, ("Inhalte", "Geändert von", "Veröffentlicht", "Seite", "Zurücksetzen")),
        ("/admin/cms_media/asset/", ("Medien", "Dateien hochladen", "Hier ist noch keine Datei.")),
        (FLAGS, ("Feature-Flags", "Flag hinzufügen", "Wo Flags verwendet werden", "für alle gleich")),
        ("/admin/reliability_routing/epoch/", ("Regionen und Datenbanken",)),
        ("/admin/reliability_slo/eventsum/", ("Fehlerbudget", "Wer liest, bekommt eine Antwort")),
        ("/admin/profile/", ("Eigene Einstellungen", "Zeitzone:", "Speichern")),
    ],
)
def test_the_main_screens_say_it_in_german(world: World, reader: Reader, path: str, sentences: tuple[str, ...]) -> None:
    language, found = _read(reader("de"), f"{path}?q=nothing-like-it" if path == LIST else path)

    assert language == "de"
    assert [each for each in sentences if each not in found] == []


def test_the_form_of_a_document_is_german_around_an_english_text(world: World, reader: Reader) -> None:
    html = reader("de").get(f"{LIST}{world.home.pk}/change/").content.decode()
    found = words_of(html)[1]

    wanted = (
        "Titel",
        "Zusammenfassung",
        "Einstellungen",
        "Block hinzufügen",
        "Zitat",
        "Entwurf speichern",
        "Kurzadresse",
    )
    assert [each for each in wanted if each not in found] == ["Kurzadresse"]  # The home page has none.
    assert re.search(r'<input[^>]*name="f\.title"[^>]* lang="en"', html)


def test_dates_are_written_as_germans_write_them(world: World, reader: Reader) -> None:
    world.publish(world.page("Zebra"))

    german = reader("de").get(f"{LIST}?q=Zebra").content.decode()
    english = reader("en").get(f"{LIST}?q=Zebra").content.decode()

    assert "02.11.2026, 08:00" in german
    assert "2 Nov 2026, 08:00" in english


def test_a_number_is_read_and_shown_with_the_comma_of_germans(world: World, reader: Reader) -> None:
    price = FieldDefinition("price", "number", "Price", options={"decimals": 2})
    offer = TypeDefinition(
        "offer", "Offer", "item", title="name", fields=(FieldDefinition("name", "text", "Name"), price)
    )
    apply_types([offer], by=SYSTEM, now=NOW)
    types.forget()
    heike = reader("de")

    answer = heike.post(
        f"{LIST}add/?type=offer", {"f.name": "Tea", "f.price": "12,5", "op": "save", "complete": "1"}, follow=True
    )

    assert re.search(r'name="f\.price" type="text" value="12,50"', answer.content.decode())
    assert Document.objects.get(title="Tea").head_revision.values["fields"]["price"] == "12.50"


def test_what_is_wrong_with_a_field_is_said_in_german(world: World, reader: Reader) -> None:
    heike = reader("de")

    answer = heike.post(
        f"{LIST}add/?type=author", {"f.name": "Zoë", "f.email": "nobody", "op": "save", "complete": "1"}
    )

    assert answer.status_code == 422
    assert "Hier gehört eine E-Mail-Adresse hin, zum Beispiel ada@example.org." in answer.content.decode()


def test_what_an_action_refuses_is_said_in_german(world: World, reader: Reader) -> None:
    heike = reader("de")

    answer = heike.post(f"{PEOPLE}locale/{world.german.pk}/change/", {
        "name": "Deutsch", "code": "de", "fallback": "de", "direction": "ltr", "search_configuration": "german",
    })  # fmt: skip

    assert "de kann nicht auf sich selbst ausweichen." in answer.content.decode()


def test_what_is_wrong_with_a_flag_is_said_in_german(reader: Reader) -> None:
    broken = '{"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "maybe"}'
    sent = {"key": "new-editor", "op": "save", "json": broken, "kill_variant": "off", "kind": "ops"}

    answer = reader("de").post(f"{FLAGS}add/", sent)

    assert "diese Variante gibt es nicht: &#x27;maybe&#x27;; es gibt: off, on" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "is_superuser", "status", "sentence"),
    [
        ("/admin/nothing/", True, 404, "Hier gibt es keine Seite"),
        (f"{PEOPLE}role/", False, 403, "Das ist für Sie nicht offen"),
        (LIST, False, 403, "Dafür fehlt hier das Recht: „Ansehen“."),
    ],
)
def test_a_refusal_is_german_too(
    world: World, reader: Reader, path: str, is_superuser: bool, status: int, sentence: str
) -> None:
    answer = reader("de", is_superuser=is_superuser).get(path)

    html = answer.content.decode()
    assert (answer.status_code, words_of(html)[0]) == (status, "de")
    assert sentence in html


def test_programs_hear_english_whatever_a_browser_wishes(world: World) -> None:
    client = Client(headers={"host": "localhost", "accept-language": "de"})

    assert b"Give a whole number from 1" in client.get("/api/v1/documents/?limit=0").content


def _read(client: Client, path: str) -> tuple[str, list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return words_of(answer.content.decode())


def _screens(world: World) -> list[str]:
    page = world.page("Zebra", body=[paragraph("<p>Zebra</p>")])
    world.publish(page)
    make_flag()
    make_flag("old-editor", FOR_ADA)
    asset = upload_asset(site_id=world.site.pk, file=picture(), file_name="halves.png", by=SYSTEM, now=NOW)
    user, role = User.objects.earliest("email"), Role.objects.earliest("key")
    document = f"{LIST}{page.pk}/"
    kinds = ("page", "section", "article", "author", "category", "tag", "menu", "site_settings")
    return [
        "/admin/", LIST, f"{LIST}?q=nothing", f"{LIST}tree/", f"{LIST}trash/", f"{LIST}add/",
        *(f"{LIST}add/?type={kind}" for kind in kinds),
        *(f"{document}{name}/" for name in ("change", "history", "schedule", "move", "trash", "unpublish")),
        f"{document}translate/?locale=de",
        "/admin/cms_media/asset/", "/admin/cms_media/asset/add/", f"/admin/cms_media/asset/{asset.pk}/change/",
        f"/admin/cms_media/asset/{asset.pk}/delete/",
        f"{PEOPLE}user/", f"{PEOPLE}user/add/", f"{PEOPLE}user/{user.pk}/change/",
        f"{PEOPLE}role/", f"{PEOPLE}role/add/", f"{PEOPLE}role/{role.pk}/change/", f"{PEOPLE}role/{role.pk}/delete/",
        f"{PEOPLE}site/", f"{PEOPLE}site/add/", f"{PEOPLE}site/{world.site.pk}/change/",
        f"{PEOPLE}locale/", f"{PEOPLE}locale/add/", f"{PEOPLE}auditentry/",
        "/admin/auth/group/", "/admin/auth/group/add/", "/admin/password_change/",
        FLAGS, f"{FLAGS}add/", f"{FLAGS}changes/", f"{FLAGS}uses/",
        *(f"{FLAGS}old-editor/{name}/" for name in ("change", "history", "kill", "ask", "archive")),
        f"{FLAGS}new-editor/ask/?region=eu-west",
        "/admin/reliability_routing/epoch/", "/admin/reliability_slo/eventsum/",
    ]  # fmt: skip
