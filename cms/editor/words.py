"""What is a type, a field or a choice called in the language of the person?

Types are data, and their words stand in one language. Those of the types that a site begins with have a translation;
every other word stays as it was written.
"""

from django.utils.translation import pgettext

CONTEXT = "document type"
"""Tells these words from others that are spelled alike; templates name it too."""


def word(text: str) -> str:
    """Give a name, a label or a help text of a type in the language in use; "" stays empty."""
    return pgettext(CONTEXT, text) if text else ""
