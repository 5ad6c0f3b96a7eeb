"""What does a person read who is refused because too many others are here? Pure, and made of nothing but words.

Whoever refuses knows neither a signed-in person nor Django's languages: what the browser asks for decides.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """The page in one language; `kept` is for somebody who sent a form."""

    title: str
    heading: str
    reason: str
    kept: str


WORDS = {
    "en": Words(
        "Busy",
        "Please try again in a few seconds",
        "Too many people are here at this moment.",
        "Nothing was changed. What you entered is still in the form: go back, and send it again.",
    ),
    "de": Words(
        "Überlastet",
        "Bitte in ein paar Sekunden noch einmal versuchen",
        "Gerade sind zu viele Menschen hier.",
        "Nichts wurde geändert. Die Eingaben stehen noch im Formular: bitte zurückgehen und noch einmal senden.",
    ),
}
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>{words.title}</title><h1>{words.heading}</h1>
<p>{words.reason}</p>
"""


def page(accepted: str, *, has_sent: bool) -> str:
    """Write the page in the first language of an `Accept-Language` that is known here, else in English."""
    wished = (each.strip()[:2].lower() for each in accepted.split(","))
    language = next((each for each in wished if each in WORDS), "en")
    words = WORDS[language]
    return PAGE.format(language=language, words=words) + (f"<p>{words.kept}</p>\n" if has_sent else "")
