"""Every dotted name of the settings leads to something."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from cms.config import settings as wired

PREFIXES = ("cms.", "reliability.")


def strings_in(value: Any) -> Iterator[str]:
    """Walk through lists and dictionaries for the strings in them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings_in(each)


def dotted_names() -> list[tuple[str, str]]:
    """List (setting, dotted name) of our own code, wherever in a setting it stands, but for what is no callable."""
    left_out = {
        "INSTALLED_APPS",
        "CELERY_BEAT_SCHEDULE",
        "ROOT_URLCONF",
        "FORMAT_MODULE_PATH",
        "AUTH_USER_MODEL",
        "LAB_CELERY_APP",
        "DATABASES",
        "SESSION_ENGINE",
    }
    return [
        (name, value)
        for name in dir(wired)
        if name.isupper() and name not in left_out
        for value in strings_in(getattr(wired, name))
        if value.startswith(PREFIXES) and "*" not in value
    ]


@pytest.mark.parametrize(("setting", "name"), dotted_names())
def test_a_dotted_name_can_be_imported(setting: str, name: str) -> None:
    assert callable(import_string(name)), setting


def test_the_engine_of_sessions_has_what_django_looks_for_in_it() -> None:
    assert callable(import_string(f"{settings.SESSION_ENGINE}.SessionStore"))


def test_the_walk_finds_lists_and_single_names() -> None:
    names = dotted_names()

    assert ("OUTBOX_CONSUMERS", "cms.accounts.consumers.refresh_sites") in names
    assert ("AXES_LOCKOUT_CALLABLE", "cms.accounts.views.locked_out") in names


def test_handlers_of_errors_can_be_imported() -> None:
    urls = __import__(settings.ROOT_URLCONF, fromlist=["urlpatterns"])

    handlers = [getattr(urls, name) for name in dir(urls) if name.startswith("handler")]

    assert all(callable(import_string(handler)) for handler in handlers)
