"""Which metrics does the product declare? One line each: name, kind, labels."""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_name("metrics.txt")
OURS = ("cms", "reliability")
THEIRS = ("django_prometheus.db.metrics", "django_prometheus.cache.metrics", "django_prometheus.migrations")
LIBRARY = "prometheus_client"


def declared() -> list[str]:
    """Import all that declares metrics, and list them."""
    from prometheus_client.metrics import MetricWrapperBase

    metrics = [each for module in _modules() for each in vars(module).values() if isinstance(each, MetricWrapperBase)]
    return sorted({f"{each._name} {each._type} {','.join(each._labelnames)}".strip() for each in metrics})


def _modules() -> Iterator[ModuleType]:
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if f"from {LIBRARY} import" in file.read_text(encoding="utf-8"):
                yield importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    yield from map(importlib.import_module, THEIRS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings")
    import django

    django.setup()
    FILE.write_text("\n".join(declared()) + "\n", encoding="utf-8")
