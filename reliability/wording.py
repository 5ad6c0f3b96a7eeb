"""How do pure modules say something to people in their language, without knowing Django?

They import `say` as `_`: that is the name by which sentences are collected for translators. Who knows the languages
gives a translation with `translate_by`; without one, sentences stay as they are written.
"""

from collections.abc import Callable

_translate: Callable[[str], str] = str


def translate_by(translation: Callable[[str], str]) -> None:
    """Give what translates a sentence into the language in use, such as Django's `gettext`."""
    global _translate
    _translate = translation


def say(sentence: str, **parts: object) -> str:
    """Return a sentence in the language in use, its `{parts}` filled in; without parts, braces are only braces."""
    translated = _translate(sentence)
    return translated.format(**parts) if parts else translated
