"""Write sites and locales."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from cms.accounts import sites
from cms.accounts.actions.writing import record
from cms.accounts.actor import Actor
from cms.accounts.decision import Rule
from cms.accounts.errors import AccountRefused
from cms.accounts.models import Locale, Site, SiteLocale
from reliability.outbox import actions as outbox


def save_site(*, site: Site, locales: Mapping[Locale, str], by: Actor, now: datetime) -> Site:
    """Create or change a site, whose own fields are set already; `locales` maps each of its locales to its prefix.

    Making it the default site takes that from the former one. Hosts are kept in lower case.
    Raises PermissionMissing, RightsTooWide, AccountRefused.
    """
    by.require("accounts", now=now)
    with transaction.atomic():
        earlier = Site.objects.select_for_update().filter(pk=site.pk).first()
        by.require_cover([Rule(frozenset(["accounts"]), site=site.pk if earlier else None)], now=now)
        before = _site_words(earlier) if earlier else None
        site.hosts = [host.strip().lower() for host in site.hosts]
        _check_hosts(site)
        _check_locales(site, locales)
        _hand_over_default(site, earlier, by=by, now=now)
        _clean(site)
        site.save()
        _write_locales(site, locales)
        record("cms.site.save", site, by=by, now=now, before=before, after=_site_words(site))
        _announce(site)
    return site


def save_locale(*, locale: Locale, by: Actor, now: datetime) -> Locale:
    """Create or change a locale, whose fields are set already.

    It concerns every site, so a limited grant is not enough. Raises PermissionMissing, RightsTooWide, AccountRefused.
    """
    by.require("accounts", now=now)
    by.require_cover([Rule(frozenset(["accounts"]))], now=now)
    with transaction.atomic():
        earlier = Locale.objects.filter(pk=locale.pk).first()
        before = _locale_words(earlier) if earlier else None
        if earlier and earlier.code != locale.code:
            message = _("The code stays %(code)s: addresses and API clients use it. Add another locale.")
            raise AccountRefused(message % {"code": earlier.code}, field="code")
        _check_fallback(locale)
        _clean(locale)
        locale.save()
        record("cms.locale.save", locale, by=by, now=now, before=before, after=_locale_words(locale))
        _announce(locale)
    return locale


def _announce(row: Site | Locale) -> None:
    """Tell every process; this one forgets as soon as the change is there, for the page that follows."""
    outbox.record([(sites.CHANGED, row.pk, {})])
    sites.forget_after_commit()


def _check_hosts(site: Site) -> None:
    for host in site.hosts:
        if not host or any(mark in host for mark in "/ \t@?#*"):
            message = _("“%(host)s” is no host name. Write one such as www.example.org, without https:// and path.")
            raise AccountRefused(message % {"host": host}, field="hosts")
    if len(set(site.hosts)) < len(site.hosts):
        raise AccountRefused(_("A host is named twice."), field="hosts")
    for other in Site.objects.exclude(pk=site.pk):
        if taken := set(other.hosts) & set(site.hosts):
            message = _("%(hosts)s shows %(site)s already.") % {"hosts": ", ".join(sorted(taken)), "site": other}
            raise AccountRefused(message, field="hosts")


def _check_locales(site: Site, locales: Mapping[Locale, str]) -> None:
    if site.default_locale_id not in {locale.pk for locale in locales}:
        raise AccountRefused(_("The default locale must be one of the site's locales."), field="default_locale")
    prefixes = list(locales.values())
    for prefix in prefixes:
        if prefixes.count(prefix) > 1:
            message = _("Two locales have the prefix “%(prefix)s”; their pages could not be told apart.")
            without = _("Two locales have no prefix; their pages could not be told apart.")
            raise AccountRefused(message % {"prefix": prefix} if prefix else without, field="locales")


def _hand_over_default(site: Site, earlier: Site | None, *, by: Actor, now: datetime) -> None:
    if earlier and earlier.is_default and not site.is_default:
        raise AccountRefused(_("Make another site the default one instead."), field="is_default")
    former = Site.objects.filter(is_default=True).exclude(pk=site.pk).first()
    if site.is_default and former:
        by.require_cover([Rule(frozenset(["accounts"]))], now=now)
        Site.objects.filter(pk=former.pk).update(is_default=False)


def _write_locales(site: Site, locales: Mapping[Locale, str]) -> None:
    """Replace the rows; all at once, since prefixes may change places."""
    SiteLocale.objects.filter(site=site).delete()
    rows = [SiteLocale(site=site, locale=locale, prefix=prefix) for locale, prefix in locales.items()]
    for row in rows:
        _clean(row, field="locales")
    SiteLocale.objects.bulk_create(rows)


def _check_fallback(locale: Locale) -> None:
    codes = list(locale.fallback)
    known = set(Locale.objects.values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known | {locale.code}]:
        message = _("%(codes)s: there is no such locale. Add it first.") % {"codes": ", ".join(unknown)}
        raise AccountRefused(message, field="fallback")
    if locale.code in codes:
        raise AccountRefused(_("%(code)s cannot fall back to itself.") % {"code": locale.code}, field="fallback")
    if len(set(codes)) < len(codes):
        raise AccountRefused(_("A locale is named twice."), field="fallback")
    _check_loop(locale)


def _check_loop(locale: Locale) -> None:
    """A list is not followed from locale to locale today; where two name each other, neither is the better text."""
    fallbacks = dict(Locale.objects.exclude(pk=locale.pk).values_list("code", "fallback"))
    for code in locale.fallback:
        way, seen = [code], {code}
        while way:
            for following in fallbacks.get(way.pop(), []):
                if following == locale.code:
                    message = _("%(code)s falls back to %(to)s itself; that would be a loop. Take one of them out.")
                    raise AccountRefused(message % {"code": code, "to": locale.code}, field="fallback")
                if following not in seen:
                    seen.add(following)
                    way.append(following)


def _clean(row: models.Model, *, field: str = "") -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise AccountRefused(" ".join(messages), field=field or name) from error


def _site_words(site: Site) -> dict[str, Any]:
    links = site.site_locales.select_related("locale")
    return {
        "key": site.key,
        "name": site.name,
        "hosts": site.hosts,
        "is_default": site.is_default,
        "default_locale": site.default_locale.code,
        "locales": {link.locale.code: link.prefix for link in links},
        "settings": site.settings,
    }


def _locale_words(locale: Locale) -> dict[str, Any]:
    return {
        "code": locale.code,
        "name": locale.name,
        "fallback": locale.fallback,
        "direction": locale.direction,
        "search_configuration": locale.search_configuration,
    }
