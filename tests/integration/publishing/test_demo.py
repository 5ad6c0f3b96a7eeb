"""The demo site: loaded once, whole, and fit to be shown."""

import re
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from lxml import html
from PIL import Image

from cms.accounts.models import AuditEntry, Grant, Site, User
from cms.content.models import Document
from cms.delivery.models import Publication
from cms.media.models import Asset
from cms.publishing.demo import files
from cms.publishing.demo.pictures import PICTURES
from cms.publishing.models import Schedule

BLOCKS = {
    "heading", "paragraph", "image", "gallery", "quote", "list", "table", "code", "embed", "file", "button", "callout",
    "columns", "html", "menu_link",
}  # fmt: skip


@pytest.fixture
def demo(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Load the demo; its pictures are neither painted nor encoded, which would take most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(files, "jpeg", _small)
    monkeypatch.setattr(files, "_encoded", lambda row: {"width": row.width, "height": row.height, "made": []})
    return _load()


def test_loading_tells_how_far_it_is_and_loading_twice_is_loading_once(demo: str) -> None:
    before = _counts()

    second = _load()

    assert "pictures: 10 of 10" in demo
    assert "The demo site is loaded" in demo
    assert "there already" in second
    assert _counts() == before


def test_every_type_of_block_is_used(demo: str) -> None:
    used = {found for row in Publication.objects.all() for found in re.findall(r'"type":"([a-z_]+)"', row.data)}

    assert used >= BLOCKS


def test_the_journal_shows_every_state_that_a_document_can_have(demo: str) -> None:
    public = Publication.objects.filter(type_key="article", visible_from__lte=timezone.now())
    changed = Document.objects.get(title="Marrow Point gets a new coat")

    assert {code: public.filter(locale__code=code).count() for code in ("en", "de")} == {"en": 12, "de": 12}
    assert Schedule.objects.filter(status="pending", action="publish").count() == 1
    assert changed.is_published
    assert changed.live_revision_id != changed.head_revision_id


def test_cleo_may_write_in_the_journal_only(demo: str) -> None:
    grant = Grant.objects.get(user=User.objects.get(email="cleo@demo.example"))

    journal = Document.objects.get(title="Journal")
    assert (grant.role.key, grant.tree_root) == ("author", journal.translation_group_id)


def test_every_public_page_is_fit_to_be_shown(demo: str) -> None:
    paths = _paths()

    faults = {path: found for path in paths if (found := _faults(path))}

    assert len(paths) == 54
    assert faults == {}


def test_the_demo_is_refused_in_production(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="known password"):
        call_command("demo", "load")


def _load() -> str:
    out = StringIO()
    call_command("demo", "load", stdout=out)
    return out.getvalue()


def _small(name: str) -> bytes:
    """A file of its own for each picture, without the second that painting takes."""
    shade = list(PICTURES).index(name)
    file = BytesIO()
    Image.new("RGB", (32, 20), (shade * 20, 90, 120)).save(file, "JPEG")
    return file.getvalue()


def _counts() -> list[int]:
    return [each.objects.count() for each in (Site, User, Asset, Document, Publication, AuditEntry)]


def _paths() -> list[str]:
    visible = Publication.objects.filter(url_path__isnull=False, visible_from__lte=timezone.now())
    return sorted(
        f"{'/de' if code == 'de' else ''}{path}" for path, code in visible.values_list("url_path", "locale__code")
    )


def _faults(path: str) -> list[str]:
    """List what is wrong with a page: its status, its words, and rules of HTML and accessibility."""
    answer = Client().get(path)
    if answer.status_code != 200:
        return [f"status {answer.status_code}"]
    text = answer.content.decode()
    tree = html.document_fromstring(text)
    ids = [str(each) for each in tree.xpath("//@id")]
    levels = [int(str(each.tag)[1]) for each in tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    named = tree.xpath("//@aria-labelledby")
    rules = {
        "placeholder text": "lorem" in text.lower(),
        "ids repeat": len(ids) != len(set(ids)),
        "a label names no id": not set(map(str, named)) <= set(ids),
        "not one h1": levels.count(1) != 1,
        "a level of headings is left out": any(b - a > 1 for a, b in pairwise(levels)),
        "an image without alt": bool(tree.xpath("//img[not(@alt)]")),
        "a link without words": any(not str(each.text_content()).strip() for each in tree.xpath("//a[not(.//img)]")),
        "a dead link": bool(tree.xpath('//a[@href="#" or @href=""]')),
        "a style or script": bool(tree.xpath("//@style | //script | //style")),
        "no language": not tree.xpath("/html/@lang"),
        "more than 50 KB": len(text) > 50_000,
    }
    return [name for name, is_broken in rules.items() if is_broken]


def test_every_picture_of_the_demo_is_painted_always_alike() -> None:
    first, second = PICTURES["dawn"](), PICTURES["dawn"]()

    assert first.size == (1600, 1000)
    assert first.tobytes() == second.tobytes()
    assert Path(files.LOGO).is_file()
