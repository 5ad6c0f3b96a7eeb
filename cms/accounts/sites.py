"""Which site and locale is this? Answered from a snapshot in this process, without a query.

The snapshot is read when first needed and again after an event `cms.site.changed`, which the outbox runner
delivers to every process.
"""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db import transaction

from cms.accounts.models import Locale, Site

CHANGED = "cms.site.changed"


@dataclass(frozen=True)
class LocaleEntry:
    """A locale as the snapshot holds it."""

    id: UUID
    code: str
    name: str
    fallback: tuple[str, ...]
    direction: str
    search_configuration: str


@dataclass(frozen=True)
class SiteEntry:
    """A site as the snapshot holds it; `prefixes` maps locale codes to the first part of their paths."""

    id: UUID
    key: str
    name: str
    hosts: tuple[str, ...]
    is_default: bool
    default_locale: LocaleEntry
    locales: dict[str, LocaleEntry]
    prefixes: dict[str, str]
    settings: dict[str, object]

    def chain(self, code: str) -> tuple[LocaleEntry, ...]:
        """List the locale and those it falls back to, each once. Raises KeyError for a locale not on the site."""
        first = self.locales[code]
        codes = dict.fromkeys((first.code, *first.fallback))
        return tuple(self.locales[each] for each in codes if each in self.locales)

    def url(self, locale: str, path: str) -> str:
        """Build the address of a page on the site, such as /de/news/."""
        prefix = self.prefixes.get(locale, "")
        return f"/{prefix}{path}" if prefix else path

    def split(self, path: str) -> tuple[LocaleEntry, str]:
        """Take an address apart into its locale and the page's own path."""
        first, _, rest = path.lstrip("/").partition("/")
        code = self._codes.get(first)
        if code is not None:
            return self.locales[code], f"/{rest}"
        return self.default_locale, path

    @cached_property
    def locales_by_id(self) -> dict[UUID, str]:
        """The code of each locale by its id."""
        return {locale.id: locale.code for locale in self.locales.values()}

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {prefix: code for code, prefix in self.prefixes.items() if prefix}


@dataclass(frozen=True)
class Sites:
    """All sites and locales at one moment."""

    sites: tuple[SiteEntry, ...]
    locales: dict[UUID, LocaleEntry]

    @cached_property
    def by_key(self) -> dict[str, SiteEntry]:
        return {site.key: site for site in self.sites}

    @cached_property
    def by_id(self) -> dict[UUID, SiteEntry]:
        return {site.id: site for site in self.sites}

    @cached_property
    def _by_host(self) -> dict[str, SiteEntry]:
        return {host: site for site in self.sites for host in site.hosts}

    @cached_property
    def default(self) -> SiteEntry | None:
        return next((site for site in self.sites if site.is_default), self.sites[0] if self.sites else None)

    def for_host(self, host: str) -> SiteEntry | None:
        """Find the site of a host, with or without port: the default one for an unknown host, None without sites."""
        return self._by_host.get(host) or self._by_host.get(host.rpartition(":")[0]) or self.default


_snapshot: Sites | None = None


def current() -> Sites:
    """Give the snapshot, read with three queries if there is none."""
    global _snapshot
    if _snapshot is None:
        _snapshot = _read()
    return _snapshot


def forget() -> None:
    """Drop the snapshot, so that the next question reads it anew."""
    global _snapshot
    _snapshot = None


def forget_after_commit() -> None:
    """Drop this process's snapshot when the current transaction commits."""
    transaction.on_commit(forget)


def _read() -> Sites:
    locales = {locale.pk: _locale(locale) for locale in Locale.objects.all()}
    sites = Site.objects.prefetch_related("site_locales")
    return Sites(sites=tuple(_site(site, locales) for site in sites), locales=locales)


def _locale(row: Locale) -> LocaleEntry:
    return LocaleEntry(row.pk, row.code, row.name, tuple(row.fallback), row.direction, row.search_configuration)


def _site(row: Site, locales: dict[UUID, LocaleEntry]) -> SiteEntry:
    links = list(row.site_locales.all())
    return SiteEntry(
        id=row.pk,
        key=row.key,
        name=row.name,
        hosts=tuple(row.hosts),
        is_default=row.is_default,
        default_locale=locales[row.default_locale_id],
        locales={locales[link.locale_id].code: locales[link.locale_id] for link in links},
        prefixes={locales[link.locale_id].code: link.prefix for link in links},
        settings=row.settings,
    )
