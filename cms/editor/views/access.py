"""Who is at the screen, and what becomes of a form whose sender may not do this, or is not signed in any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from cms.accounts.actor import Actor, PermissionMissing
from cms.accounts.models import User
from cms.accounts.requests import request_actor
from cms.content import tree
from cms.content.errors import ContentRefused
from cms.content.models import Document

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Person:
    """Somebody at a screen."""

    user: User
    actor: Actor
    now: datetime
    zone: ZoneInfo
    language: str

    def may(self, action: str, document: Document) -> bool:
        """Tell whether this person may do something to a document."""
        return self.actor.may(action, tree.place_of(document), now=self.now)


def person_of(request: HttpRequest) -> Person:
    """Give the signed-in person of a request, and read the clock for it, once."""
    user = cast(User, request.user)
    actor = request_actor(request)
    zone = timezone.get_current_timezone()
    zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
    return Person(user, actor, timezone.now(), zone, (translation.get_language() or "en").partition("-")[0])


def screen(view: View) -> View:
    """Make a screen of the admin: for signed-in staff; refusals become pages that say why, and lose nothing."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not admin.site.has_permission(request):
            return kept_form(request) if request.method == "POST" else _sign_in(request)
        try:
            return view(request, *args, **kwargs)
        except PermissionMissing as error:
            return refused(request, str(error))
        except Document.DoesNotExist as error:
            raise Http404 from error

    return guarded


def kept_form(request: HttpRequest) -> HttpResponse:
    """Show a form again that came without a valid session, with every value, so that it can be sent once more."""
    values = [(key, each) for key, every in request.POST.lists() if key != "csrfmiddlewaretoken" for each in every]
    context = {**admin.site.each_context(request), "values": values, "path": request.get_full_path()}
    context["sign_in_url"] = reverse("admin:login")
    return render(request, "editor/kept_form.html", context, status=403)


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Say what a person may not do."""
    context = {**admin.site.each_context(request), "sentence": sentence, "title": translation.gettext("Not allowed")}
    return render(request, "editor/refused.html", context, status=403)


def load(document_id: UUID, person: Person, *, action: str = "view") -> Document:
    """Read a document that the person may see. Raises DoesNotExist, PermissionMissing."""
    rows = Document.objects.select_related(
        "translation_group", "head_revision", "live_revision", "parent", "updated_by"
    )
    document = rows.defer("search", "search_text").get(pk=document_id)
    person.actor.require(action, tree.place_of(document), now=person.now)
    return document


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a screen with what every screen of the admin needs."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def go(name: str, *args: object, query: str = "") -> HttpResponseRedirect:
    """Go to one of the screens of documents."""
    return HttpResponseRedirect(url(name, *args) + (f"?{query}" if query else ""))


def url(name: str, *args: object) -> str:
    """Give the address of one of the screens of documents."""
    return reverse(f"admin:cms_content_document_{name}", args=args)


def attempt(request: HttpRequest, action: Callable[[], Any]) -> bool:
    """Run an action; a refusal becomes a message. Returns whether it was done. Raises PermissionMissing."""
    try:
        action()
    except ContentRefused as error:
        messages.error(request, str(error))
        return False
    return True


def _sign_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))
