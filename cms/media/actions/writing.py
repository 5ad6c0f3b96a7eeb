"""What every write to media shares: checks of texts, the record, the event, and the start of the encoder."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from cms.accounts import audit, sites
from cms.accounts.actor import Actor
from cms.media.errors import FieldRefused
from cms.media.models import Asset
from reliability.outbox.actions import record

CHANGED = "cms.asset.changed"
ENCODE = "cms.media.tasks.encode"
FORGET = "cms.media.tasks.forget_files"
TITLE_MAX = 255
ALT_MAX = 1_000


def checked_title(title: str) -> str:
    """Trim a title. Raises FieldRefused."""
    if len(title.strip()) > TITLE_MAX:
        sentence = _("The title has %(count)s characters; shorten it to %(most)s.")
        raise FieldRefused("title", sentence % {"count": len(title.strip()), "most": TITLE_MAX})
    return title.strip()


def checked_alt(alt: Mapping[str, str], *, site_id: UUID) -> dict[str, str]:
    """Trim alternative texts by locale code, and leave out empty ones. Raises FieldRefused."""
    known = sites.current().by_id[site_id].locales
    for code, text in alt.items():
        if code not in known:
            sentence = _("The site has no such locale; use one of: %(known)s.") % {"known": ", ".join(sorted(known))}
            raise FieldRefused(f"alt.{code}", sentence)
        if len(text.strip()) > ALT_MAX:
            sentence = _("The text has %(count)s characters; shorten it to %(most)s.")
            raise FieldRefused(f"alt.{code}", sentence % {"count": len(text.strip()), "most": ALT_MAX})
    return {code: text.strip() for code, text in alt.items() if text.strip()}


def note(
    asset: Asset,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the audit entry and the event of one change; belongs inside its transaction."""
    audit.record(
        [
            audit.entry(
                f"cms.asset.{verb}",
                by=by,
                now=now,
                object_type="asset",
                object_id=asset.pk,
                name=str(asset),
                before=before,
                after=after,
            )
        ]
    )
    announce(asset, verb)


def announce(asset: Asset, verb: str) -> None:
    """Write the event alone, for what the system does by itself; belongs inside the transaction."""
    data = {
        "id": str(asset.pk),
        "site": sites.current().by_id[asset.site_id].key,
        "hash": asset.hash,
        "version": asset.version,
        "change": verb,
    }
    record([(CHANGED, asset.pk, data)])


def start(task: str, *arguments: str) -> None:
    """Start a task by name after the commit.

    A queue that is away must not fail what is committed already: a periodic task finds what was left.
    """

    def send() -> None:
        current_app.tasks[task].delay(*arguments)

    transaction.on_commit(send, robust=True)  # No partial: Django logs the name of what failed, and it has none.
