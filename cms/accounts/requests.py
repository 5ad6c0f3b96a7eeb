"""Who asks, and from where?"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cms.accounts import sites
from cms.accounts.actor import Actor
from cms.accounts.models import User
from cms.accounts.queries import actor_of
from reliability.limits import address
from reliability.telemetry.current import request_id

REQUEST_ID_HEADER = "X-Request-ID"


def request_actor(request: HttpRequest) -> Actor:
    """Make the actor for the signed-in person of a request, with the request's id and address for the record."""
    assert isinstance(request.user, User), "The admin lets nobody in without signing in."
    asked = request_id() or request.headers.get(REQUEST_ID_HEADER, "")
    return actor_of(request.user, request_id=asked, address=client_address(request))


def client_address(request: HttpRequest) -> str | None:
    """Read the address of the client; None if it has none, as on a Unix socket.

    Behind a trusted proxy it is what that proxy added to X-Forwarded-For: the entries before are whatever the client
    sent.
    """
    trusted = address.networks(settings.TRUSTED_PROXIES)
    found = address.client_address(*address.writers(request.META), trusted, trusts_peer=settings.TRUST_PROXY)
    return None if found is None else str(found)


def attempted_email(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Name the account that a sign-in aims at, without regard to case, so that all attempts on it are counted."""
    given = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(given).strip().lower()[:255]


def site_key(request: HttpRequest) -> str | None:
    """Name the site that a request is for, by its host; None while there is none."""
    site = sites.current().for_host(request.get_host())
    return site.key if site else None
