"""Which slug is free? Pure: the paths that are taken stay in memory, so that a dry run gives out the same slugs."""

from collections.abc import Iterable

from cms.content.slugs import MAX_VALID_LENGTH


class FreePaths:
    """Gives out paths that nothing stands at."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def take(self, parent_path: str, wanted: str) -> str:
        """Take the wanted slug below a path, or the first of `wanted-2`, `wanted-3` ... that is free."""
        slug, number = wanted, 1
        while f"{parent_path}{slug}/" in self._taken:
            number += 1
            ending = f"-{number}"
            slug = _cut(wanted, ending) + ending
        self._taken.add(f"{parent_path}{slug}/")
        return slug


def is_numbered(slug: str, wanted: str) -> bool:
    """Tell whether a slug is the wanted one or was given out in its place."""
    stem, _, number = slug.rpartition("-")
    return slug == wanted or (number.isdecimal() and stem == _cut(wanted, f"-{number}"))


def _cut(wanted: str, ending: str) -> str:
    return wanted[: MAX_VALID_LENGTH - len(ending)].rstrip("-")
