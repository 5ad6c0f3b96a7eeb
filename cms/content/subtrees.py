"""Which pages can a grant be limited to? A page stands for itself and all below it, in every locale."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from cms.accounts import sites
from cms.content.models import Document


def choices(search: str = "", *, keys: Collection[UUID] | None = None, limit: int = 200) -> list[tuple[UUID, str]]:
    """List pages as (translation key, label), such as "main /about/", the ones nearest to the home page first.

    `search` is a part of the path, or a whole label; `keys` asks for these pages alone. One query. A page is labeled
    by its site and its address, so that labels differ.
    """
    pages = Document.objects.in_use().filter(url_path__isnull=False)
    pages = pages.filter(_condition(search.strip()) if keys is None else Q(translation_group__in=keys))
    rows = pages.order_by(Length("url_path"), "url_path", "pk").values_list(
        "translation_group", "site", "locale", "url_path"
    )
    return [(key, _label(site, locale, path or "")) for key, site, locale, path in rows[:limit]]


def _condition(search: str) -> Q:
    """A label begins with a site's key; what follows is an address, with the prefix of its locale."""
    key, _space, address = search.partition(" ")
    site = sites.current().by_key.get(key)
    if site is None or not address:
        return Q(url_path__icontains=search) if search else Q()
    locale, path = site.split(address)
    return Q(site=site.id, locale=locale.id, url_path=path)


def _label(site_id: UUID, locale_id: UUID, path: str) -> str:
    site = sites.current().by_id[site_id]
    return f"{site.key} {site.url(site.locales_by_id.get(locale_id, ''), path)}"
