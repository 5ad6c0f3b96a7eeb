"""Of which classes and histograms may objectives speak? Those that this code counts, asked of the metrics library."""

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.module_loading import import_string
from prometheus_client import REGISTRY
from prometheus_client import Histogram as Counted

from reliability.slo.objectives import Catalogue, Histogram, Vocabulary, WrongObjectives
from reliability.slo.parsing import parse
from reliability.telemetry import requests

NOT_COUNTED = "none"
"""Class of requests that count for no objective."""


@cache
def catalogue() -> Catalogue:
    """Read the file that SLO_FILE names, once. Raises WrongObjectives."""
    return read(Path(settings.SLO_FILE))


def read(file: Path) -> Catalogue:
    """Read a file of objectives. Raises WrongObjectives, also for a file that is none."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongObjectives([f"{file}: it cannot be read ({error}); name another one in SLO_FILE."]) from error
    except yaml.YAMLError as error:
        raise WrongObjectives([f"{file}: it is no YAML ({' '.join(str(error).split())}); mend it."]) from error
    return parse(content, vocabulary())


def vocabulary() -> Vocabulary:
    """Find the histograms of this process, also those of what SLO_METRICS names."""
    for name in settings.SLO_METRICS:
        import_string(name)
    classes = dict.fromkeys(name for _, name in settings.SLO_CLASSES if name != NOT_COUNTED)
    return Vocabulary(requests.duration._name, tuple(classes), _histograms())


def _histograms() -> dict[str, Histogram]:
    """List name, labels and bounds; the library tells them of its collectors only, which it keeps to itself."""
    found = {each for each in REGISTRY._collector_to_names if isinstance(each, Counted)}
    return {
        each._name: Histogram(
            tuple(each._labelnames), tuple(bound for bound in each._upper_bounds if bound < float("inf"))
        )
        for each in found
    }
