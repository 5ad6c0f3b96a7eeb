"""Is this a file of objectives? Plain values in, a catalogue out, or all of its mistakes at once. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from reliability.slo.objectives import (
    MIN_BAD_EVENTS,
    PAGE_FACTOR,
    Catalogue,
    Channels,
    Fields,
    Objective,
    Vocabulary,
    WrongObjectives,
)
from reliability.slo.parsing.indicators import indicator
from reliability.slo.parsing.mistakes import Mistakes, mapping, text

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LOWEST_PERCENT = 100 - 100 / PAGE_FACTOR
HIGHEST_PERCENT = 99.999
TOP = {"service", "runbooks", "channels", "slos"}
CHANNELS = {"pagerduty_key_file", "tickets_url", "watchdog_url"}
FIELDS = {"name", "title", "objective", "sli", "owner", "min_bad_events_1h"}


def parse(content: Any, vocabulary: Vocabulary) -> Catalogue:
    """Read the content of a file of objectives. Raises WrongObjectives with every mistake in it."""
    mistakes = Mistakes()
    top = mapping(content, "the file", mistakes, known=TOP)
    catalogue = Catalogue(
        service=text(top, "service", "service", mistakes),
        runbooks=text(top, "runbooks", "runbooks", mistakes).rstrip("/"),
        channels=_channels(top.get("channels"), mistakes),
        objectives=tuple(_objectives(top.get("slos"), vocabulary, mistakes)),
    )
    if mistakes.found:
        raise WrongObjectives(mistakes.found)
    return catalogue


def _channels(content: Any, mistakes: Mistakes) -> Channels:
    given = mapping(content, "channels", mistakes, known=CHANNELS)
    return Channels(**{name: text(given, name, f"channels.{name}", mistakes) for name in sorted(CHANNELS)})


def _objectives(content: Any, vocabulary: Vocabulary, mistakes: Mistakes) -> Iterable[Objective]:
    if not isinstance(content, list) or not content:
        mistakes.add("slos", "there are none", "list at least one objective")
        return []
    read = [_objective(each, f"slos[{number}]", vocabulary, mistakes) for number, each in enumerate(content)]
    names = [each.name for each in read]
    for name in sorted({name for name in names if names.count(name) > 1}):
        mistakes.add(name, "the name is given twice", "give each objective its own, for alerts are named after it")
    return read


def _objective(content: Any, place: str, vocabulary: Vocabulary, mistakes: Mistakes) -> Objective:
    given = mapping(content, place, mistakes, known=FIELDS)
    where = f"{place} {given['name']}" if isinstance(given.get("name"), str) else place
    return Objective(
        name=_name(given, where, mistakes),
        title=text(given, "title", f"{where}: title", mistakes),
        percent=_percent(given.get("objective"), where, mistakes),
        indicator=indicator(given.get("sli"), f"{where}: sli", vocabulary, mistakes),
        owner=text(given, "owner", f"{where}: owner", mistakes),
        min_bad_events=_count(given.get("min_bad_events_1h", MIN_BAD_EVENTS), where, mistakes),
    )


def _name(given: Fields, where: str, mistakes: Mistakes) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        mistakes.add(f"{where}: name", f"{name!r} is no name", "use small letters, digits and dashes: public-latency")
        return "unnamed"
    return name


def _percent(value: Any, where: str, mistakes: Mistakes) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not LOWEST_PERCENT < value <= HIGHEST_PERCENT:
        fix = f"give a percentage above {LOWEST_PERCENT:.1f}, or the page could never fire, up to {HIGHEST_PERCENT}"
        mistakes.add(f"{where}: objective", f"{value!r} is out of range", fix)
        return 99.9
    return float(value)


def _count(value: Any, where: str, mistakes: Mistakes) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        mistakes.add(f"{where}: min_bad_events_1h", f"{value!r} is no count", "give a whole number of at least 1")
        return MIN_BAD_EVENTS
    return value
