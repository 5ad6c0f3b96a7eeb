"""Do the settings of routing go together? As system checks, each with what to change."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from reliability.routing.decision import PRIMARY, REPLICA
from reliability.routing.options import WrongOption, from_settings

ROUTER = "reliability.routing.router.RoleRouter"
ROUTING_MIDDLEWARE = "reliability.routing.middleware.RoutingMiddleware"
GATE_MIDDLEWARE = "reliability.routing.middleware.WriteGateMiddleware"
CHOOSING = ("target_session_attrs", "load_balance_hosts")
"""Options with which the driver itself chooses among several servers."""


@register(Tags.database)
def check_routing(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check everything; without an alias `replica` routing is inert, and there is nothing to check."""
    if REPLICA not in settings.DATABASES:
        return []
    return [*_options(), *_one_server(), *_aliases(), *_wiring(), *_sessions()]


def _options() -> Iterator[CheckMessage]:
    try:
        options = from_settings(getattr(settings, "ROUTING", {}))
    except WrongOption as error:
        yield Error(str(error), hint="Mend the setting ROUTING.", id="routing.E001")
        return
    if not options.nodes:
        hint = "Build DATABASES and ROUTING with reliability.routing.configuration.cluster."
        yield Error("ROUTING names no nodes.", hint=hint, id="routing.E002")
    for label in options.primary_models:
        if not _is_model(label):
            hint = "Write it as app_label.Model, or take it out of PRIMARY_MODELS."
            yield Error(f"PRIMARY_MODELS names {label!r}, which is no model.", hint=hint, id="routing.E003")


def _one_server() -> Iterator[CheckMessage]:
    """One address is one server: the driver once chose a restarted primary that nobody followed any more."""
    hint = "Give each server an address of its own: the primary in the first, the standbys in the list of replicas."
    for alias in (PRIMARY, REPLICA):
        database = settings.DATABASES[alias]
        if "," in str(database.get("HOST", "")) or "," in str(database.get("PORT", "")):
            yield Error(f"Database {alias!r} names several hosts.", hint=hint, id="routing.E004")
        for key in CHOOSING:
            if key in database.get("OPTIONS", {}):
                yield Error(f"Database {alias!r} has the option {key!r}.", hint=hint, id="routing.E004")


def _aliases() -> Iterator[CheckMessage]:
    default, replica = settings.DATABASES[PRIMARY], settings.DATABASES[REPLICA]
    if replica.get("ATOMIC_REQUESTS"):
        hint = "Set it on 'default' only: a transaction on a standby holds it for nothing."
        yield Error("ATOMIC_REQUESTS is on for the database 'replica'.", hint=hint, id="routing.E005")
    if (default.get("ENGINE"), default.get("NAME")) != (replica.get("ENGINE"), replica.get("NAME")):
        hint = "They are two roles of one cluster: give both the same ENGINE and NAME."
        yield Error("The databases 'default' and 'replica' differ.", hint=hint, id="routing.E006")


def _wiring() -> Iterator[CheckMessage]:
    if ROUTER not in settings.DATABASE_ROUTERS:
        hint = f"Add {ROUTER!r} to DATABASE_ROUTERS."
        yield Error("Nothing sends reads to the database 'replica'.", hint=hint, id="routing.E007")
    for name in (ROUTING_MIDDLEWARE, GATE_MIDDLEWARE):
        if name not in settings.MIDDLEWARE:
            hint = f"Add {name!r} to MIDDLEWARE: the first near the top, the gate at the end."
            yield Error("Requests have no routing state.", hint=hint, id="routing.E008")
    if GATE_MIDDLEWARE in settings.MIDDLEWARE and any("Csrf" in name for name in _after(GATE_MIDDLEWARE)):
        hint = "Move the gate to the end: it sends forms back, and only such as were really posted from here."
        yield Error("The write gate stands above the check of forms.", hint=hint, id="routing.E009")


def _sessions() -> Iterator[CheckMessage]:
    if getattr(settings, "SESSION_SAVE_EVERY_REQUEST", False):
        hint = "Set it to False: every page of a signed-in person writes, and fails while nothing can be written."
        yield checks.Warning("SESSION_SAVE_EVERY_REQUEST is on.", hint=hint, id="routing.W001")


def _after(name: str) -> list[str]:
    return list(settings.MIDDLEWARE)[settings.MIDDLEWARE.index(name) + 1 :]


def _is_model(label: str) -> bool:
    labels = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    return label.lower() in labels
