"""What a page is called in its address."""

import unicodedata
from collections.abc import Container

MAX_LENGTH = 80  # of a proposal; a valid slug may be longer
MAX_VALID_LENGTH = 200
SPELLED_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "&": " "}
    | {"'": "", "’": "", "ʼ": ""}
)


def propose_slug(title: str, *, type_key: str, suffix: str) -> str:
    """Return a slug for this title: lower case, words joined by hyphens.

    Accents go where the letter below is Latin (`Über uns` becomes `uber-uns`); other scripts stay, since browsers show
    them and nobody reads a transliteration. A title without letters or digits, such as one of emoji, gives the type
    and `suffix`, which the caller makes up: a few random lower-case letters and digits.
    """
    text = unicodedata.normalize("NFC", title.casefold().translate(SPELLED_OUT))
    folded = unicodedata.normalize("NFC", "".join(map(_without_accent, text))).lower()
    words = "".join(each if _is_part(each) else " " for each in folded).split()
    slug = _shortened("-".join(word for word in words if _is_word(word)))
    return slug or f"{type_key.replace('_', '-')}-{suffix}"


def is_valid_slug(slug: str) -> bool:
    """Tell whether this may stand in a path: lower-case letters and digits, normalized, with single hyphens between."""
    return (
        0 < len(slug) <= MAX_VALID_LENGTH
        and unicodedata.normalize("NFC", slug) == slug
        and slug == slug.lower()
        and all(_is_word(part) for part in slug.split("-"))
    )


def free_slug(slug: str, taken: Container[str]) -> str:
    """Return the slug, or the first of `slug-2`, `slug-3` ... that is not taken."""
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def _without_accent(character: str) -> str:
    """Return the letter below an accent if it is ASCII; a Cyrillic or Greek letter keeps what makes it another one."""
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return plain if plain and plain.isascii() else character


def _is_part(character: str) -> bool:
    """Letters, numbers, and the marks that Indic and other scripts write vowels with; but none that turn into emoji."""
    category = unicodedata.category(character)
    return category[0] in "LN" or (category in ("Mn", "Mc") and not "\ufe00" <= character <= "\ufe0f")


def _is_word(part: str) -> bool:
    return all(map(_is_part, part)) and any(unicodedata.category(each)[0] in "LN" for each in part)


def _shortened(slug: str) -> str:
    if len(slug) <= MAX_LENGTH:
        return slug
    whole_words = slug[: MAX_LENGTH + 1].rpartition("-")[0]
    return whole_words or slug[:MAX_LENGTH]
