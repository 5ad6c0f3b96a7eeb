"""Which site and language does an address speak of? The chosen ones, else the defaults."""

from django.http import Http404, HttpRequest

from cms.accounts import sites
from cms.accounts.sites import LocaleEntry, SiteEntry


def chosen_site(request: HttpRequest) -> SiteEntry:
    """Give the site that `?site=` names, else the default one. Raises Http404 when there is none at all."""
    known = sites.current()
    site = known.by_key.get(request.GET.get("site", "")) or known.default
    if site is None:
        raise Http404
    return site


def chosen_locale(request: HttpRequest, site: SiteEntry) -> LocaleEntry:
    """Give the language that `?locale=` names, else the site's own."""
    return site.locales.get(request.GET.get("locale", "")) or site.default_locale
