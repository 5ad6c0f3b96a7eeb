"""Features of the content API that can be switched. No question knows the reader: every answer is for everybody."""

from cms.delivery.schemas import Reading
from reliability.flags.api import flag
from reliability.flags.configuration import constants

NEWEST_FIRST = flag(
    "search-newest-first-boost",
    default=False,
    kind="experiment",
    owner="search",
    description="New documents count for more when the content API ranks matches.",
)


def favors_new(reading: Reading) -> bool:
    """Tell whether a search ranks new documents higher; a share of people is a share of sites and locales here."""
    site, locale = reading.site.key, reading.locale.code
    return NEWEST_FIRST.on({**constants(), "site": site, "locale": locale, "targetingKey": f"{site} {locale}"})
