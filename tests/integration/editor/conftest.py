"""Ada edits, Ben reviews and publishes, Cleo must be refused; each with a browser of their own."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.accounts.decision import STARTER_ROLES
from cms.accounts.models import Grant, Role, User
from tests.factories.site import World


@pytest.fixture
def person(world: World) -> Callable[..., User]:
    """Make people with a starter role; without one they may sign in and nothing else."""

    def make(name: str, role: str = "", **limits: object) -> User:
        user = User.objects.create_user(f"{name.lower()}@example.org", "a long password", name=name)
        if role:
            title, actions = STARTER_ROLES[role]
            row, _ = Role.objects.get_or_create(key=role, defaults={"name": title, "actions": list(actions)})
            Grant.objects.create(user=user, role=row, **limits)
        return user

    return make


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """Sign somebody in."""

    def sign_in(user: User) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(user, backend="cms.accounts.backend.GrantBackend")
        return client

    return sign_in


@pytest.fixture
def ada(person: Callable[..., User], browse: Callable[[User], Client]) -> Client:
    """Ada may write, but not publish."""
    return browse(person("Ada", "author"))


@pytest.fixture
def ben(person: Callable[..., User], browse: Callable[[User], Client]) -> Client:
    """Ben may write, move, delete and publish."""
    return browse(person("Ben", "editor"))


@pytest.fixture
def cleo(person: Callable[..., User], browse: Callable[[User], Client]) -> Client:
    """Cleo is staff without any grant."""
    return browse(person("Cleo"))
