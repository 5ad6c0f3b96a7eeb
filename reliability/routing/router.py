"""Which role does this query have? Django asks for every query; the node is chosen later, below the ORM."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model

from reliability.routing.decision import PRIMARY, REPLICA
from reliability.routing.session import current, process_role


class RoleRouter:
    """Sends writes to `default`, and reads where the state of their request says. Inert without an alias `replica`.

    It reads a ContextVar and never touches `connections`, whose look-ups cost ten times as much.
    """

    def __init__(self) -> None:
        self._is_inert = REPLICA not in settings.DATABASES
        routing: dict[str, Any] = getattr(settings, "ROUTING", {})
        self._primary_models = frozenset(label.lower() for label in routing.get("PRIMARY_MODELS", ()))
        self._role_of = cache(lambda model: PRIMARY if model._meta.label_lower in self._primary_models else REPLICA)

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Choose by the table in the README. Hints never take a read off the primary, so none is looked at:
        a row that was written in this request has pinned it already.
        """
        if self._is_inert:
            return PRIMARY
        state = current()
        if state is None:
            return process_role()
        if state.is_pinned or state.in_transaction or state.level == "strong":
            return PRIMARY
        return self._role_of(model)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Write to the primary; what the request reads afterwards comes from there too."""
        state = current()
        if state is not None and not state.is_ambient:
            state.is_pinned = True
        return PRIMARY

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool | None:
        """Allow relations between rows of both roles: they are the same rows."""
        pair = {first._state.db, second._state.db}
        return True if pair <= {PRIMARY, REPLICA} else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Migrate `default` only; what is no node of this cluster is left to other routers."""
        if db == REPLICA:
            return False
        return True if db == PRIMARY else None
