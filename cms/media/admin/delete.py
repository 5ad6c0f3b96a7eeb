"""Delete a file, after showing where it is used."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.requests import request_actor
from cms.media import queries
from cms.media.actions import delete_asset
from cms.media.admin.access import may_change
from cms.media.errors import AssetInUse
from cms.media.models import Asset

if TYPE_CHECKING:
    from cms.media.admin.assets import AssetAdmin


def show(admin: "AssetAdmin", request: HttpRequest, asset: Asset) -> HttpResponse:
    """Ask, and delete; what is used stays."""
    if not may_change(request, asset):
        raise PermissionDenied
    if request.method == "POST":
        try:
            delete_asset(asset_id=asset.pk, by=request_actor(request), now=timezone.now(), used_in=queries.usage)
        except AssetInUse as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("%(name)s is deleted.") % {"name": asset})
        return HttpResponseRedirect(reverse("admin:cms_media_asset_changelist"))
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Delete %(name)s?") % {"name": asset},
        "opts": admin.opts,
        "media": admin.media,
        "asset": asset,
        "usage": queries.usage(asset.pk),
    }
    return TemplateResponse(request, "media/delete.html", context)
