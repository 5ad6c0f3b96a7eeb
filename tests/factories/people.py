"""Ada may do everything, Ben edits, Cleo must be refused; and rights for anybody, in one line."""

from datetime import UTC, datetime
from typing import Any

from cms.accounts.actions import Limits, ensure_starter_roles, grant_role
from cms.accounts.actor import Actor, system
from cms.accounts.models import Grant, Role, User
from cms.accounts.queries import actor_of

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
SYSTEM = system("tests")


def make_person(name: str, *, password: str | None = PASSWORD, **fields: Any) -> User:
    """Make a person without rights; Ada's address is ada@example.org."""
    return User.objects.create_user(f"{name.lower()}@example.org", password, name=name, **fields)


def make_ada() -> User:
    """Make Ada, an administrator everywhere."""
    return with_role(make_person("Ada"), "administrator")


def make_ben() -> User:
    """Make Ben, an editor everywhere."""
    return with_role(make_person("Ben"), "editor")


def make_cleo() -> User:
    """Make Cleo, who has an account and no right at all."""
    return make_person("Cleo")


def with_role(user: User, key: str, **limits: Any) -> User:
    """Give a starter role, perhaps only somewhere."""
    give(user, key, **limits)
    return user


def give(user: User, key: str, **limits: Any) -> Grant:
    """Give a starter role, and return the grant."""
    ensure_starter_roles()
    return grant_role(role=Role.objects.get(key=key), to=user, limits=Limits(**limits), by=SYSTEM, now=NOW)


def acting(user: User) -> Actor:
    """Make the actor of a person as the next request would, with rights read anew."""
    return actor_of(User.objects.get(pk=user.pk))
