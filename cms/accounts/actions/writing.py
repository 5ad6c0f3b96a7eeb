"""What every action here does: one transaction, an entry in the record, and an administrator left at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models, transaction

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.accounts.errors import LastAdministrator
from cms.accounts.models import Role
from cms.accounts.queries import has_administrator


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """Open a transaction that is undone if it takes the last administrator. Raises LastAdministrator.

    Locks all roles, which are few: two administrators who remove each other at the same moment must wait.
    """
    with transaction.atomic():
        list(Role.objects.select_for_update().order_by("pk").values_list("pk"))
        had_one = has_administrator()
        yield
        if had_one and not has_administrator():
            raise LastAdministrator


def record(
    action: str,
    row: models.Model,
    *,
    by: Actor,
    now: datetime,
    name: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write what was done to a row; of `before` and `after` only what differs is kept."""
    if before is not None and after is not None:
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        before = {key: value for key, value in before.items() if key in changed}
        after = {key: value for key, value in after.items() if key in changed}
    kind = row._meta.model_name or ""
    audit.record(
        [
            audit.entry(
                action,
                by=by,
                now=now,
                object_type=kind,
                object_id=row.pk,
                name=name or str(row),
                before=before,
                after=after,
            )
        ]
    )
