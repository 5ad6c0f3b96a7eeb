"""Ada, Ben and Cleo, signed in where a test needs it; tasks run at once, letters are kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client

from cms.accounts.models import User
from tests.factories.people import make_ada, make_ben, make_cleo


@pytest.fixture
def ada(db: None) -> User:
    """Give Ada, an administrator."""
    return make_ada()


@pytest.fixture
def ben(db: None) -> User:
    """Give Ben, an editor."""
    return make_ben()


@pytest.fixture
def cleo(db: None) -> User:
    """Give Cleo, who may do nothing."""
    return make_cleo()


@pytest.fixture
def admin_of_all(ada: User) -> Client:
    """Give a browser in which Ada is signed in."""
    client = Client()
    client.force_login(ada, backend="cms.accounts.backend.GrantBackend")
    return client


@pytest.fixture(autouse=True)
def _tasks_at_once(settings: Any) -> Iterator[None]:
    """Letters are written at once, and passwords hashed at the lowest cost: nothing here depends on it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    current_app.conf.task_always_eager = True
    cache.clear()
    yield
    current_app.conf.task_always_eager = False
    cache.clear()
