"""Features of the site that can be switched. No question knows the reader, so every page stays the same for everybody.

A share of people is a share of pages here: what is hashed is the page's address.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cms.accounts.sites import LocaleEntry, SiteEntry
from reliability.flags.api import flag
from reliability.flags.configuration import constants

AVIF = flag(
    "site-avif", default=True, kind="ops", owner="site", description="AVIF files in front of WebP on the web site."
)
RELATED = flag(
    "related-articles",
    default=False,
    owner="site",
    description="Articles with a common category or topic below an article on the web site.",
)


class Features(NamedTuple):
    """What is switched on for one page; `variants` belong to its ETag."""

    has_avif: bool = True
    has_related: bool = False
    variants: str = ""


NO_FEATURES = Features()
"""What a page has whose reader asks no flag: a draft."""


def features(site: SiteEntry, locale: LocaleEntry, path: str) -> Features:
    """Ask the flags for one page; the answer depends on its address and on this process alone."""
    context: Mapping[str, Any] = {
        **constants(), "site": site.key, "locale": locale.code, "path": path, "targetingKey": f"{site.key}{path}",
    }  # fmt: skip
    has_avif, has_related = AVIF.on(context), RELATED.on(context)
    variants = " ".join(f"{each.key}={each.variant(context)}" for each in (AVIF, RELATED))
    return Features(has_avif, has_related, f"{variants} {has_avif} {has_related}")
