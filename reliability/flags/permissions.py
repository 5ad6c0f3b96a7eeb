"""Parts of an API that exist only while a flag is on."""

from typing import Any

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from reliability.flags.api import is_enabled
from reliability.flags.context import SCOPE


def FlagEnabled(key: str, *, default: bool = False) -> type[BasePermission]:  # noqa: N802 - used like a class
    """Make a DRF permission: 404 while the flag is off. Stands after those that say who asks."""

    class Enabled(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            scope = SCOPE.get()
            context = None
            if scope is not None and getattr(request.user, "is_authenticated", False):
                person = {"targetingKey": str(request.user.pk), "user_id": str(request.user.pk)}
                context = {**scope.context, **person, "is_staff": bool(getattr(request.user, "is_staff", False))}
            if not is_enabled(key, default=default, context=context):
                raise Http404
            return True

    return Enabled
