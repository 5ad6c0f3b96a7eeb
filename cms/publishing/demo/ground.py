"""What does the demo stand on? Its site and languages, its people, and the types where they are missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cms.accounts import sites
from cms.accounts.actions import Limits, ensure_starter_roles, grant_role, save_locale, save_site
from cms.accounts.actor import Actor
from cms.accounts.models import Grant, Locale, Role, Site, User
from cms.content import types
from cms.content.starter import starter_types
from cms.delivery import types as published_types
from cms.publishing.actions import apply_types


@dataclass(frozen=True)
class Ground:
    """The site with its locales by code, and the people by e-mail address."""

    site: Site
    locales: Mapping[str, Locale]
    people: Mapping[str, User]


def lay(shared: Mapping[str, Any], *, password: str, by: Actor, now: datetime) -> Ground:
    """Make what is missing of site, locales, types and people; what exists stays as it is."""
    locales = {each["code"]: _locale(each, by=by, now=now) for each in shared["locales"]}
    site = _site(shared, locales, by=by, now=now)
    missing = [each for each in starter_types() if each.key not in types.current().definitions]
    apply_types(missing, by=by, now=now)
    ensure_starter_roles()
    people = {each["email"]: _person(each, password, by=by, now=now) for each in shared["people"]}
    for snapshot in (sites, types, published_types):
        snapshot.forget()  # Read anew at once: within a transaction nobody tells this process of its own changes.
    return Ground(site, locales, people)


def grant_below(ground: Ground, person: Mapping[str, Any], tree_root: UUID, *, by: Actor, now: datetime) -> None:
    """Give a person their role at and below one page."""
    user, role = ground.people[person["email"]], Role.objects.get(key=person["role"])
    if not Grant.objects.filter(user=user, role=role).exists():
        grant_role(role=role, to=user, limits=Limits(site=ground.site, tree_root=tree_root), by=by, now=now)


def _locale(each: Mapping[str, Any], *, by: Actor, now: datetime) -> Locale:
    known = Locale.objects.filter(code=each["code"]).first()
    if known is not None:
        return known
    row = Locale(
        code=each["code"],
        name=each["name"],
        fallback=each.get("fallback", []),
        search_configuration=each["search"],
    )
    return save_locale(locale=row, by=by, now=now)


def _site(shared: Mapping[str, Any], locales: Mapping[str, Locale], *, by: Actor, now: datetime) -> Site:
    key, name = shared["site"]["key"], shared["site"]["name"]
    known = Site.objects.filter(key=key).first()
    if known is not None:
        return known
    is_first = not Site.objects.filter(is_default=True).exists()
    row = Site(
        key=key,
        name=name,
        hosts=[] if is_first else [f"{key}.localhost"],
        is_default=is_first,
        default_locale=locales[shared["locales"][0]["code"]],
    )
    prefixes = {locales[each["code"]]: each["prefix"] for each in shared["locales"]}
    return save_site(site=row, locales=prefixes, by=by, now=now)


def _person(each: Mapping[str, Any], password: str, *, by: Actor, now: datetime) -> User:
    known = User.objects.filter(email=each["email"]).first()
    if known is not None:
        return known
    user = User.objects.create_user(each["email"], password, name=each["name"])
    if "below" not in each:
        grant_role(role=Role.objects.get(key=each["role"]), to=user, by=by, now=now)
    return user
