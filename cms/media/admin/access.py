"""What may the person of a request do with files, and on which sites?"""

from django.http import HttpRequest
from django.utils import timezone

from cms.accounts import sites
from cms.accounts.decision import Place
from cms.accounts.requests import request_actor
from cms.accounts.sites import SiteEntry
from cms.media.models import Asset


def visible_sites(request: HttpRequest) -> list[SiteEntry]:
    """List the sites whose files the person may see."""
    return _sites(request, "view", "media")


def upload_sites(request: HttpRequest) -> list[SiteEntry]:
    """List the sites for which the person may upload files."""
    return _sites(request, "media")


def may_change(request: HttpRequest, asset: Asset) -> bool:
    """Tell whether the person may change this file."""
    return request_actor(request).may("media", Place(site=asset.site_id), now=timezone.now())


def plain(error: Exception) -> str:
    """Give the message of a refusal without the name of the field, beside which it is shown."""
    return str(error).removeprefix("file: ")


def _sites(request: HttpRequest, *actions: str) -> list[SiteEntry]:
    actor, now = request_actor(request), timezone.now()
    return [
        site
        for site in sites.current().sites
        if any(actor.may(action, Place(site=site.id), now=now) for action in actions)
    ]
