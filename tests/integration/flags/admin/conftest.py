"""Ada runs the flags, Ben may only look at documents."""

import pytest
from django.test import Client

from cms.accounts.models import User


@pytest.fixture
def ada(db: None) -> Client:
    """Ada may do everything."""
    user = User.objects.create_superuser("ada@example.org", "a long password", name="Ada")
    return _browser(user)


@pytest.fixture
def ben(db: None) -> Client:
    """Ben may enter the admin, and nothing more."""
    return _browser(User.objects.create_user("ben@example.org", "a long password", name="Ben"))


def _browser(user: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="cms.accounts.backend.GrantBackend")
    return client
