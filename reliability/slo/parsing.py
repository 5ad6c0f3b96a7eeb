"""Is this a file of objectives? Plain values in, a catalogue out, or all of its mistakes at once. Pure."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from reliability.slo import selectors
from reliability.slo.objectives import (
    MIN_BAD_EVENTS,
    PAGE_FACTOR,
    Catalogue,
    Channels,
    Fields,
    Indicator,
    Objective,
    Observed,
    Probed,
    Vocabulary,
    WrongObjectives,
)
from reliability.slo.selectors import Matcher

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LOWEST_PERCENT = 100 - 100 / PAGE_FACTOR
HIGHEST_PERCENT = 99.999
TOP = {"service", "runbooks", "channels", "slos"}
CHANNELS = {"pagerduty_key_file", "tickets_url", "watchdog_url"}
FIELDS = {"name", "title", "objective", "sli", "owner", "min_bad_events_1h"}
KINDS = {
    "class": {"class", "bad", "good_le", "exclude"},
    "histogram": {"histogram", "good_le"},
    "probe": {"probe"},
}


class _Mistakes:
    """Collects what is wrong, so that one run names everything."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: str, problem: str, fix: str) -> None:
        self.found.append(f"{where}: {problem}; {fix}.")


def parse(content: Any, vocabulary: Vocabulary) -> Catalogue:
    """Read the content of a file of objectives. Raises WrongObjectives with every mistake in it."""
    mistakes = _Mistakes()
    top = _mapping(content, "the file", mistakes, known=TOP)
    catalogue = Catalogue(
        service=_text(top, "service", "service", mistakes),
        runbooks=_text(top, "runbooks", "runbooks", mistakes).rstrip("/"),
        channels=_channels(top.get("channels"), mistakes),
        objectives=tuple(_objectives(top.get("slos"), vocabulary, mistakes)),
    )
    if mistakes.found:
        raise WrongObjectives(mistakes.found)
    return catalogue


def _channels(content: Any, mistakes: _Mistakes) -> Channels:
    given = _mapping(content, "channels", mistakes, known=CHANNELS)
    return Channels(**{name: _text(given, name, f"channels.{name}", mistakes) for name in sorted(CHANNELS)})


def _objectives(content: Any, vocabulary: Vocabulary, mistakes: _Mistakes) -> Iterable[Objective]:
    if not isinstance(content, list) or not content:
        mistakes.add("slos", "there are none", "list at least one objective")
        return []
    read = [_objective(each, f"slos[{number}]", vocabulary, mistakes) for number, each in enumerate(content)]
    names = [each.name for each in read]
    for name in sorted({name for name in names if names.count(name) > 1}):
        mistakes.add(name, "the name is given twice", "give each objective its own, for alerts are named after it")
    return read


def _objective(content: Any, place: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> Objective:
    given = _mapping(content, place, mistakes, known=FIELDS)
    where = f"{place} {given['name']}" if isinstance(given.get("name"), str) else place
    return Objective(
        name=_name(given, where, mistakes),
        title=_text(given, "title", f"{where}: title", mistakes),
        percent=_percent(given.get("objective"), where, mistakes),
        indicator=_indicator(given.get("sli"), f"{where}: sli", vocabulary, mistakes),
        owner=_text(given, "owner", f"{where}: owner", mistakes),
        min_bad_events=_count(given.get("min_bad_events_1h", MIN_BAD_EVENTS), where, mistakes),
    )


def _name(given: Fields, where: str, mistakes: _Mistakes) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        mistakes.add(f"{where}: name", f"{name!r} is no name", "use small letters, digits and dashes: public-latency")
        return "unnamed"
    return name


def _percent(value: Any, where: str, mistakes: _Mistakes) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not LOWEST_PERCENT < value <= HIGHEST_PERCENT:
        fix = f"give a percentage above {LOWEST_PERCENT:.1f}, or the page could never fire, up to {HIGHEST_PERCENT}"
        mistakes.add(f"{where}: objective", f"{value!r} is out of range", fix)
        return 99.9
    return float(value)


def _count(value: Any, where: str, mistakes: _Mistakes) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        mistakes.add(f"{where}: min_bad_events_1h", f"{value!r} is no count", "give a whole number of at least 1")
        return MIN_BAD_EVENTS
    return value


def _indicator(content: Any, where: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> Indicator:
    given = _mapping(content, where, mistakes)
    kinds = [kind for kind in KINDS if kind in given]
    if len(kinds) != 1:
        mistakes.add(where, f"it has {len(kinds)} of {', '.join(KINDS)}", "give exactly one of them")
        return Probed("")
    _only(given, KINDS[kinds[0]], where, mistakes)
    if kinds == ["probe"]:
        return _probe(given["probe"], f"{where}.probe", mistakes)
    if kinds == ["histogram"]:
        return _histogram(given, where, vocabulary, mistakes)
    return _requests(given, where, vocabulary, mistakes)


def _requests(given: Fields, where: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> Indicator:
    name = given["class"]
    if name not in vocabulary.classes:
        mistakes.add(f"{where}.class", f"{name!r} is unknown", f"use one of: {', '.join(vocabulary.classes)}")
    if ("bad" in given) == ("good_le" in given):
        mistakes.add(where, "it needs a rule for bad events", "give either bad or good_le")
        return Observed(vocabulary.requests)
    matchers = (Matcher("slo_class", "=", str(name)), *_excluded(given, where, vocabulary, mistakes))
    if "bad" in given:
        bad = _matchers(given["bad"], f"{where}.bad", vocabulary, mistakes)
        return Observed(vocabulary.requests, matchers, bad=bad)
    bound = _bound(given["good_le"], vocabulary.requests, f"{where}.good_le", vocabulary, mistakes)
    return Observed(vocabulary.requests, matchers, good_le=bound)


def _excluded(given: Fields, where: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> tuple[Matcher, ...]:
    """Read what does not count; several matchers together could not be negated one by one."""
    if "exclude" not in given:
        return ()
    found = _matchers(given["exclude"], f"{where}.exclude", vocabulary, mistakes)
    if len(found) > 1:
        mistakes.add(f"{where}.exclude", "it has several matchers", "give one; join values with | in a pattern")
    return tuple(each.negated() for each in found)


def _histogram(given: Fields, where: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> Indicator:
    name = given["histogram"]
    if name not in vocabulary.histograms:
        known = ", ".join(sorted(vocabulary.histograms))
        mistakes.add(f"{where}.histogram", f"{name!r} does not exist", f"use one of: {known}")
        return Observed(str(name))
    bound = _bound(given.get("good_le"), name, f"{where}.good_le", vocabulary, mistakes)
    return Observed(name, good_le=bound)


def _bound(value: Any, metric: str, where: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> float:
    bounds = vocabulary.histograms[metric].bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or float(value) not in bounds:
        known = ", ".join(f"{each:g}" for each in bounds)
        mistakes.add(where, f"{value!r} is no bucket bound of {metric}", f"use one of: {known}")
        return bounds[0]
    return float(value)


def _matchers(value: Any, where: str, vocabulary: Vocabulary, mistakes: _Mistakes) -> tuple[Matcher, ...]:
    found = _read(selectors.parse, value, where, mistakes)
    known = vocabulary.histograms[vocabulary.requests].labels
    for each in found or ():
        if each.label not in known:
            mistakes.add(where, f"{each.label!r} is no label of {vocabulary.requests}", f"use: {', '.join(known)}")
    return found or ()


def _probe(value: Any, where: str, mistakes: _Mistakes) -> Probed:
    match = re.fullmatch(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.+)\}", str(value))
    if match is None:
        mistakes.add(where, f"{value!r} names no series", 'write it as probe_success{job="blackbox-public"}')
        return Probed("")
    return Probed(match[1], _read(selectors.parse, match[2], where, mistakes) or ())


def _read(
    reader: Callable[[str], tuple[Matcher, ...]], value: Any, where: str, mistakes: _Mistakes
) -> tuple[Matcher, ...] | None:
    try:
        return reader(str(value))
    except selectors.WrongSelector as error:
        mistakes.add(where, str(error), "mend it")
        return None


def _mapping(content: Any, where: str, mistakes: _Mistakes, *, known: set[str] | None = None) -> Fields:
    if not isinstance(content, dict):
        mistakes.add(where, "it is missing or no mapping", "give its fields as `name: value`")
        return {}
    if known is not None:
        _only(content, known, where, mistakes)
    return content


def _only(given: Fields, known: set[str], where: str, mistakes: _Mistakes) -> None:
    for name in sorted(str(each) for each in set(given) - known):
        mistakes.add(where, f"{name!r} is unknown", f"the fields are: {', '.join(sorted(known))}")


def _text(given: Fields, name: str, where: str, mistakes: _Mistakes) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        mistakes.add(where, "it is missing or no text", "write it")
        return ""
    return value.strip()
