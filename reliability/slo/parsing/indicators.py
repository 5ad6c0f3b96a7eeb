"""What is counted, and what of it is bad? The part `sli` of an objective, read. Pure."""

import re
from typing import Any

from reliability.slo import selectors
from reliability.slo.objectives import Fields, Indicator, Observed, Probed, Vocabulary
from reliability.slo.parsing.mistakes import Mistakes, mapping, only
from reliability.slo.selectors import Matcher

KINDS = {
    "class": {"class", "bad", "good_le", "exclude"},
    "histogram": {"histogram", "good_le"},
    "probe": {"probe"},
}


def indicator(content: Any, where: str, vocabulary: Vocabulary, mistakes: Mistakes) -> Indicator:
    given = mapping(content, where, mistakes)
    kinds = [kind for kind in KINDS if kind in given]
    if len(kinds) != 1:
        mistakes.add(where, f"it has {len(kinds)} of {', '.join(KINDS)}", "give exactly one of them")
        return Probed("")
    only(given, KINDS[kinds[0]], where, mistakes)
    if kinds == ["probe"]:
        return _probe(given["probe"], f"{where}.probe", mistakes)
    if kinds == ["histogram"]:
        return _histogram(given, where, vocabulary, mistakes)
    return _requests(given, where, vocabulary, mistakes)


def _requests(given: Fields, where: str, vocabulary: Vocabulary, mistakes: Mistakes) -> Indicator:
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


def _excluded(given: Fields, where: str, vocabulary: Vocabulary, mistakes: Mistakes) -> tuple[Matcher, ...]:
    """Read what does not count; several matchers together could not be negated one by one."""
    if "exclude" not in given:
        return ()
    found = _matchers(given["exclude"], f"{where}.exclude", vocabulary, mistakes)
    if len(found) > 1:
        mistakes.add(f"{where}.exclude", "it has several matchers", "give one; join values with | in a pattern")
    return tuple(each.negated() for each in found)


def _histogram(given: Fields, where: str, vocabulary: Vocabulary, mistakes: Mistakes) -> Indicator:
    name = given["histogram"]
    if name not in vocabulary.histograms:
        known = ", ".join(sorted(vocabulary.histograms))
        mistakes.add(f"{where}.histogram", f"{name!r} does not exist", f"use one of: {known}")
        return Observed(str(name))
    bound = _bound(given.get("good_le"), name, f"{where}.good_le", vocabulary, mistakes)
    return Observed(name, good_le=bound)


def _bound(value: Any, metric: str, where: str, vocabulary: Vocabulary, mistakes: Mistakes) -> float:
    bounds = vocabulary.histograms[metric].bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or float(value) not in bounds:
        known = ", ".join(f"{each:g}" for each in bounds)
        mistakes.add(where, f"{value!r} is no bucket bound of {metric}", f"use one of: {known}")
        return bounds[0]
    return float(value)


def _matchers(value: Any, where: str, vocabulary: Vocabulary, mistakes: Mistakes) -> tuple[Matcher, ...]:
    found = _read(value, where, mistakes)
    known = vocabulary.histograms[vocabulary.requests].labels
    for each in found:
        if each.label not in known:
            mistakes.add(where, f"{each.label!r} is no label of {vocabulary.requests}", f"use: {', '.join(known)}")
    return found


def _probe(value: Any, where: str, mistakes: Mistakes) -> Probed:
    match = re.fullmatch(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.+)\}", str(value))
    if match is None:
        mistakes.add(where, f"{value!r} names no series", 'write it as probe_success{job="blackbox-public"}')
        return Probed("")
    return Probed(match[1], _read(match[2], where, mistakes))


def _read(value: Any, where: str, mistakes: Mistakes) -> tuple[Matcher, ...]:
    try:
        return selectors.parse(str(value))
    except selectors.WrongSelector as error:
        mistakes.add(where, str(error), "mend it")
        return ()
