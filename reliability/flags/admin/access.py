"""Who may do what here, and how is a screen of flags shown?"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from reliability.flags.actions import Author, NotAllowed
from reliability.flags.models import Flag

REQUEST_ID_HEADER = "X-Request-ID"
VERBS = ("view", "add", "change", "delete", "kill")
View = Callable[..., HttpResponse]


def screen(permission: str) -> Callable[[View], View]:
    """Let in who may; what an action refuses for want of a right is refused here too."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request, permission):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Flag.DoesNotExist:
                messages.error(request, _("There is no such flag."))
                return go("changelist")

        return guarded

    return decorate


def may(request: HttpRequest, verb: str) -> bool:
    """Tell whether somebody may view, add, change, delete or kill flags; who may do anything may look."""
    asked = VERBS if verb == "view" else (verb,)
    return any(request.user.has_perm(f"reliability_flags.{each}_flag") for each in asked)


def author(request: HttpRequest) -> Author:
    """Make the author of a change out of whoever is signed in."""
    user = request.user
    return Author(
        str(user), lambda permission: user.has_perm(permission), id=str(user.pk),
        request_id=request.headers.get(REQUEST_ID_HEADER, "")[:64],
    )  # fmt: skip


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, flag: Flag | None = None, status: int = 200
) -> HttpResponse:
    """Show a screen in the frame of the admin."""
    rights = {f"may_{verb}": may(request, verb) for verb in VERBS}
    shared = {**admin.site.each_context(request), "opts": Flag._meta, "flag": flag, **rights}
    return TemplateResponse(request, f"flags/{template}.html", {**shared, **context}, status=status)


def address(name: str, *args: Any) -> str:
    """Give the address of a screen of flags."""
    return reverse(f"admin:reliability_flags_flag_{name}", args=args)


def go(name: str, *args: Any) -> HttpResponse:
    """Lead to another screen of flags."""
    return HttpResponseRedirect(address(name, *args))
