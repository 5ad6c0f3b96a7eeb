"""The web site: what is published, for people."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from cms.accounts import sites
from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery import answers, caching, queries
from cms.delivery.cursor import CursorBroken, CursorMismatch
from cms.delivery.problems import KINDS
from cms.delivery.rows import Depends, document_id_of, locale_of
from cms.delivery.sql import instant, uuid_text
from cms.publishing.preview import PreviewExpired
from cms.publishing.queries import preview as read_preview
from cms.site import pages
from cms.site.errors import error_page
from cms.site.flags import features
from cms.site.presenting import template_of
from cms.site.queries import Material, material
from cms.site.template_version import template_version

BEFORE = "before"
PATH_MAX = 2_000
"""Longest path that a page can have, in characters."""
View = Callable[..., HttpResponse]


def reading(view: View) -> View:
    """Answer GET and HEAD; anything else gets 405, whether or not it comes with a token against forgery."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        response = error_page("method")
        response["Allow"] = "GET, HEAD"
        return response

    return guarded


@reading
def page(request: HttpRequest) -> HttpResponse:
    """Show the page at an address, or lead from a former address to today's."""
    site = sites.current().for_host(request.get_host())
    if site is None:
        return error_page("no_site")
    locale, path = site.split(request.path_info)
    if len(path) > PATH_MAX or "\x00" in path:
        return error_page("not_found", site=site, locale=locale)
    if site.url(locale.code, path) != request.path_info:
        return _redirect(site.url(locale.code, path), 301)
    now = timezone.now()
    found = queries.at_path(path, site, site.chain(locale.code), now=now)
    if found is None or (found.row is None and not found.target_url and found.status != 410):
        return error_page("not_found", site=site, locale=locale)
    if found.row is None or found.row.url_path != path:
        return _elsewhere(found, site, locale)
    try:
        read = material(
            found.row, site, site.chain(locale.code), before=request.GET.get(BEFORE), now=now,
            features=features(site, locale, path),
        )  # fmt: skip
    except (CursorBroken, CursorMismatch):
        return error_page("not_found", site=site, locale=locale)
    return _published(request, read, site, locale, now=now)


@reading
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show a draft to whoever holds its token."""
    now = timezone.now()
    try:
        draft = read_preview(token, now=now)
    except PreviewExpired:
        response = error_page("expired", site=sites.current().for_host(request.get_host()))
    else:
        site, locale = draft.site, draft.locale
        read = material(draft.row, site, site.chain(locale.code), before=None, now=now)
        response = HttpResponse(_render(request, read, site, locale, is_preview=True))
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@reading
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone: everything, unless this is the production site."""
    closed = ("/admin/", "/api/", "/preview/") if settings.PRODUCTION else ("/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@reading
def problem(request: HttpRequest, name: str) -> HttpResponse:
    """Explain a kind of problem that the API answers with; without a name, list them."""
    if name and name not in KINDS:
        return error_page("not_found", site=sites.current().for_host(request.get_host()))
    shown = [KINDS[name]] if name else list(KINDS.values())
    # Every second part of an explanation stands between backticks, and is code.
    explained = [(kind, kind.explanation.split("`")) for kind in shown]
    context = {**pages.frame(None, None), "kinds": explained, "title": shown[0].title, "is_list": not name}
    response = HttpResponse(render_to_string("site/problem.html", context))
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _elsewhere(found: queries.Found, site: SiteEntry, locale: LocaleEntry) -> HttpResponse:
    """Answer for an address whose page is at another one, or gone."""
    if found.status == 410:
        return error_page("gone", site=site, locale=locale)
    if found.row is None:
        return _redirect(found.target_url, found.status)
    code = site.locales_by_id[locale_of(found.row)]
    return _redirect(site.url(code, found.row.url_path or "/"), found.status)


def _redirect(to: str, status: int) -> HttpResponse:
    response = HttpResponsePermanentRedirect(to)
    response.status_code = status if status in (301, 302, 307, 308) else 301
    response["Cache-Control"] = caching.cache_control(now=timezone.now(), next_flip=None, for_browsers=True)
    return response


def _published(
    request: HttpRequest, read: Material, site: SiteEntry, locale: LocaleEntry, *, now: datetime
) -> HttpResponse:
    tag = _tag(request, read, site)
    if caching.is_current(request.headers.get("If-None-Match"), tag):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(_render(request, read, site, locale))
        response["Surrogate-Key"] = _keys(read, site, locale)
        response["Content-Language"] = site.locales_by_id[locale_of(read.row)]
    response["ETag"] = tag
    flip = min((instant(row.visible_until) for row in read.rows if row.visible_until), default=None)
    response["Cache-Control"] = caching.cache_control(now=now, next_flip=flip, for_browsers=True)
    response["X-Content-Version"] = str(read.row.version)
    return response


def _render(
    request: HttpRequest, read: Material, site: SiteEntry, locale: LocaleEntry, *, is_preview: bool = False
) -> str:
    context = pages.context(read, site, locale, origin=_origin(request, site))
    before = request.GET.get(BEFORE)
    with translation.override(locale.code):
        return render_to_string(template_of(read.row.type_key), {**context, "is_preview": is_preview, "before": before})


def _origin(request: HttpRequest, site: SiteEntry) -> str:
    """Give scheme and host of canonical addresses: the host asked for, if it is the site's, else the site's first."""
    host = request.get_host()
    known = not site.hosts or host in site.hosts or host.rpartition(":")[0] in site.hosts
    return f"{request.scheme}://{host if known else site.hosts[0]}"


def _tag(request: HttpRequest, read: Material, site: SiteEntry) -> str:
    """Compute the ETag: the address, the templates, the flags, and every row that the page is made of."""
    used = answers.used(read.rows, read.resolved.targets, read.resolved.assets)
    around = [(each.document_id, each.version) for each in [*read.above, *read.translations]]
    sites_version = (repr(site), 0)
    address = f"{_origin(request, site)}{request.path}?{BEFORE}={request.GET.get(BEFORE, '')}"
    query = f"{address} {template_version()} {read.features.variants}"
    return caching.etag(query, [*used, *around, sites_version, (read.below.older or "", 0)])


def _keys(read: Material, site: SiteEntry, locale: LocaleEntry) -> str:
    """List what has to change for the page to change."""
    depends = Depends(read.rows)
    lists = [f"t:{site.key}:{kind}:{each.code}" for kind in _listed(read) for each in site.chain(locale.code)]
    parents = [f"c:{document_id_of(read.row)}", *(f"d:{each.document_id}" for each in read.above)]
    own = [f"d:{document_id_of(read.row)}", f"k:{uuid_text(read.row.translation_key)}", f"s:{site.key}"]
    shown = [f"d:{document_id_of(each)}" for each in read.rows]
    targets = [*(f"k:{key}" for key in depends.keys), *(f"a:{asset}" for asset in depends.assets)]
    return caching.surrogate_keys([*own, *lists, *parents, *shown, *targets], collapsed=[f"s:{site.key}"])


def _listed(read: Material) -> Sequence[str]:
    shared = ("site_settings", "menu")
    return (*shared, "article") if read.row.url_path == "/" or read.features.has_related else shared
