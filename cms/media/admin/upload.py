"""Upload several files at once; each is reported by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.requests import request_actor
from cms.media.actions import upload_asset
from cms.media.admin.access import plain, upload_sites
from cms.media.forms import UploadForm
from cms.media.models import Asset
from cms.media.reception import REFUSALS

if TYPE_CHECKING:
    from cms.media.admin.assets import AssetAdmin


@dataclass(frozen=True)
class Result:
    """What became of one file: `outcome` is done, known or refused."""

    file_name: str
    outcome: str
    asset: Asset | None = None
    reason: str = ""


def show(admin: "AssetAdmin", request: HttpRequest) -> HttpResponse:
    """Show the form, take in the files and say what became of each."""
    sites = upload_sites(request)
    if not sites:
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES, sites=sites) if request.method == "POST" else UploadForm(sites=sites)
    results = _taken(request, form) if form.is_valid() else []
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Upload files"),
        "opts": admin.opts,
        "form": form,
        "media": admin.media,
        "results": results,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
    }
    return TemplateResponse(request, "media/upload.html", context)


def _taken(request: HttpRequest, form: UploadForm) -> list[Result]:
    site_id = UUID(form.cleaned_data["site"])
    return [_take(request, file, site_id) for file in form.cleaned_data["file"]]


def _take(request: HttpRequest, file: Any, site_id: UUID) -> Result:
    now, name = timezone.now(), file.name or "file"
    try:
        asset = upload_asset(site_id=site_id, file=file, file_name=name, by=request_actor(request), now=now)
    except REFUSALS as error:
        return Result(name, "refused", reason=plain(error))
    return Result(name, "done" if asset.uploaded_at == now else "known", asset)
