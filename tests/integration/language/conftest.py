"""Heike reads German, Ada English; everything else is the same for both."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.accounts.actions import ensure_starter_roles
from cms.accounts.models import User


@pytest.fixture
def reader(db: None) -> Callable[..., Client]:
    """Sign somebody in who reads a language; an administrator, unless it is said otherwise."""

    def make(language: str, *, is_superuser: bool = True) -> Client:
        ensure_starter_roles()
        address = f"{language}{is_superuser:d}@example.org"
        user = User.objects.create_user(
            address, "a long password", name="Heike", language=language, is_superuser=is_superuser
        )
        client = Client(headers={"host": "localhost"})
        client.force_login(user, backend="cms.accounts.backend.GrantBackend")
        return client

    return make
