"""One file: what is said of it, its renditions, and where it is used."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import sites
from cms.accounts.actor import PermissionMissing
from cms.accounts.requests import request_actor
from cms.media import queries
from cms.media.actions import change_asset, replace_file
from cms.media.admin.access import may_change, plain
from cms.media.errors import AssetChanged, FieldRefused, SameFileKnown
from cms.media.forms import ALT, AssetForm, ReplaceForm
from cms.media.models import Asset
from cms.media.reception import REFUSALS

if TYPE_CHECKING:
    from cms.media.admin.assets import AssetAdmin

PREVIEW_WIDTH = 640


def show(admin: "AssetAdmin", request: HttpRequest, asset: Asset) -> HttpResponse:
    """Show a file and its forms; take in the one that was sent."""
    form, replace = _form(asset), ReplaceForm()
    if request.method == "POST" and "replace" in request.POST:
        replace = ReplaceForm(request.POST, request.FILES)
        if replace.is_valid() and _replaced(request, asset, replace):
            return HttpResponseRedirect(request.path)
    elif request.method == "POST":
        form = _form(asset, request.POST)
        if form.is_valid() and (refused := _saved(request, asset, form)) is not None:
            form = refused
        elif form.is_valid():
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    return TemplateResponse(request, "media/asset.html", _context(admin, request, asset, form, replace))


def _form(asset: Asset, data: Any = None) -> AssetForm:
    return AssetForm(data, asset=asset, locales=sites.current().by_id[asset.site_id].locales.values())


def _saved(request: HttpRequest, asset: Asset, form: AssetForm) -> AssetForm | None:
    """Save; gives the form to be shown again when the action refuses."""
    try:
        change_asset(
            asset_id=asset.pk, by=request_actor(request), now=timezone.now(), seen=form.seen(), **form.changes()
        )
    except AssetChanged as error:
        asset.refresh_from_db()
        form = _form(asset, _with_current(request, asset, form))
        form.add_error(_name(error.field), plain(error).partition(": ")[2])
        return form
    except FieldRefused as error:
        form.add_error(_name(error.field), str(error).partition(": ")[2])
        return form
    except PermissionMissing as error:
        form.add_error(None, str(error))
        return form
    return None


def _with_current(request: HttpRequest, asset: Asset, form: AssetForm) -> Any:
    """The person has seen the newer values once the form is shown again, and may overwrite them knowingly."""
    data, fresh = request.POST.copy(), _form(asset)
    for name in form.fields:
        data[form[name].html_initial_name] = str(fresh.initial.get(name, ""))
    return data


def _name(field: str) -> str | None:
    if field.startswith("alt."):
        return ALT + field.removeprefix("alt.")
    return {"title": "title", "focal": "focal_x"}.get(field)


def _replaced(request: HttpRequest, asset: Asset, form: ReplaceForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        replace_file(asset_id=asset.pk, file=file, file_name=file.name, by=request_actor(request), now=timezone.now())
    except (*REFUSALS, SameFileKnown) as error:
        form.add_error("file", plain(error))
    except PermissionMissing as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("The file is replaced. Its addresses are new, also in what is published."))
        return True
    return False


def _context(
    admin: "AssetAdmin", request: HttpRequest, asset: Asset, form: AssetForm, replace: ReplaceForm
) -> dict[str, Any]:
    can_change = may_change(request, asset)
    if not can_change:
        for field in form.fields.values():
            field.disabled = True
    return {
        **admin.admin_site.each_context(request),
        "title": str(asset),
        "opts": admin.opts,
        "media": admin.media,
        "asset": asset,
        "form": form,
        "replace": replace,
        "can_change": can_change,
        "usage": queries.usage(asset.pk),
        "preview": asset.picture_url(width=PREVIEW_WIDTH),
        "crops": _crops(asset),
        "focal": {"x": round(asset.focal_x * (asset.width or 0)), "y": round(asset.focal_y * (asset.height or 0))},
        "radius": max(asset.width or 0, asset.height or 0) // 40,
    }


def _crops(asset: Asset) -> list[dict[str, Any]]:
    """Give the smallest WebP of each crop."""
    found: dict[str, dict[str, Any]] = {}
    for entry in asset.ladder:
        if entry["crop"] and entry["mime"] == "image/webp":
            found.setdefault(entry["crop"], entry)
    return list(found.values())
