"""Who sees what? A flag asked for a person, a place and a time, before anybody is surprised."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from reliability.flags.admin.access import screen, show
from reliability.flags.configuration import attributes, colours, constants, regions
from reliability.flags.explaining import Explanation, explain
from reliability.flags.models import Flag
from reliability.flags.queries import as_row
from reliability.flags.validation.faults import Kind

FIRST = ("targetingKey", "groups", "is_staff")
TEXT_MAX = 1_000
"""Longest value that is asked with, in characters."""


@screen("view")
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Answer for what is in the form; an empty field is an attribute that is not there."""
    flag = Flag.objects.get(pk=key)
    kinds = {"targetingKey": Kind.TEXT, **attributes()}
    given = {name: request.GET.get(name, "").strip()[:TEXT_MAX] for name in kinds}
    is_asked = any(name in request.GET for name in kinds)
    if not is_asked:
        given |= {name: value for name, value in constants().items() if name in given}
    moment, problem = _moment(request.GET.get("at", "").strip())
    found = explain(as_row(flag), _context(given, kinds), now=moment) if is_asked and not problem else None
    rest = [name for name in kinds if name not in (*FIRST, "region", "colour")]
    context: dict[str, Any] = {
        "title": _("Who sees what"), "view": "ask", "given": given, "rest": [(name, given[name]) for name in rest],
        "at": request.GET.get("at", ""), "problem": problem, "found": found, "regions": regions(),
        "colours": colours(), "value": json.dumps(found.value, ensure_ascii=False) if found else "",
        "sentence": _sentence(found) if found else "",
        "rule": json.dumps(found.rule, ensure_ascii=False) if found and found.rule is not None else "",
        "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip
    return show(request, "ask", context, flag=flag)


def _context(given: dict[str, str], kinds: Any) -> dict[str, Any]:
    return {name: _read(text, kinds[name]) for name, text in given.items() if text}


def _read(text: str, kind: Kind) -> Any:
    if kind is Kind.LIST:
        return [each.strip() for each in text.split(",") if each.strip()]
    if kind is Kind.TRUTH:
        return text.lower() in ("true", "on", "1")
    if kind is Kind.NUMBER:
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _moment(text: str) -> tuple[datetime, str]:
    """Read a time of the person's time zone, now without one; and what is wrong with it."""
    try:
        moment = datetime.fromisoformat(text) if text else timezone.now()
    except ValueError:
        return timezone.now(), _("Enter a date and a time, such as 2026-12-31T12:00.")
    return (moment if moment.tzinfo else timezone.make_aware(moment)), ""


def _sentence(found: Explanation) -> str:
    return {
        "kill": _("The flag is killed there: its kill variant is served."),
        "override": _("Override %(number)s decides.") % {"number": found.number},
        "rule": _("Rule %(number)s decides.") % {"number": found.number},
        "rest": _("No rule holds; what everybody else gets decides."),
        "default": _("Nothing decides; the default variant is served."),
        "disabled": _("The flag is out of use; the code's own default is served."),
        "error": _("The rule fails; the code's own default is served."),
    }[found.because]
