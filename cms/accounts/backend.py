"""May this user do what Django asks? Answered from the same grants as everything else."""

from fnmatch import fnmatchcase
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.queries import actor_of


class GrantBackend(ModelBackend):
    """Signs people in by e-mail and password, and answers `has_perm` from their grants.

    ROLE_PERMISSIONS maps an action to patterns of Django permissions, so that code which knows nothing of roles
    (Django's admin, the mechanisms) can still ask.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Check e-mail and password; passwords that are public knowledge are refused whoever uses them."""
        if password in settings.FORBIDDEN_PASSWORDS:
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        actor = actor_of(user_obj)
        return any(actor.may(action, now=timezone.now()) for action in _actions_for(perm))

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        actor = actor_of(user_obj)
        patterns = settings.ROLE_PERMISSIONS.items()
        return any(
            actor.may(action, now=timezone.now())
            for action, permissions in patterns
            if any(fnmatchcase(f"{app_label}.", permission.partition(".")[0] + ".") for permission in permissions)
        )


def _actions_for(permission: str) -> list[str]:
    return [
        action
        for action, patterns in settings.ROLE_PERMISSIONS.items()
        if any(fnmatchcase(permission, pattern) for pattern in patterns)
    ]
