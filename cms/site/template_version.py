"""Do the templates still write the same bytes? Their version, as a part of every page's ETag."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.templatetags.static import static

from cms.delivery import types
from cms.site.presenting import has_template
from cms.site.words import WORDS

FOLDER = Path(__file__).parent / "templates"


def template_version() -> str:
    """Hash the templates, also those that a site puts in front of ours, the words, and the address of the styles."""
    keys = tuple(sorted(types.current()))
    return _version(keys) if not settings.DEBUG else _version.__wrapped__(keys)


@cache
def _version(keys: tuple[str, ...]) -> str:
    names = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html")}
    names |= {f"site/{folder}/{key}.html" for folder in ("types", "blocks") for key in keys}
    digest = blake2b(static("site/site.css").encode(), digest_size=9)
    digest.update(repr(WORDS).encode())
    for name in sorted(names):
        if has_template(name):
            digest.update(Path(str(get_template(name).origin)).read_bytes())  # type: ignore[attr-defined]
    return digest.hexdigest()
