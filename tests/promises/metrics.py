"""Which metrics does the product declare? One line each: name, kind, labels."""

import importlib
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_name("metrics.txt")
OURS = ("cms", "reliability")
LIBRARY = "prometheus_client"


def declared() -> list[str]:
    """Import all that declares metrics, and list them."""
    from prometheus_client import REGISTRY
    from prometheus_client.metrics import MetricWrapperBase

    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if f"from {LIBRARY} import" in file.read_text(encoding="utf-8"):
                importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    importlib.import_module("django_prometheus.db")
    importlib.import_module("django_prometheus.cache.metrics")
    metrics = [each for each in REGISTRY._collector_to_names if isinstance(each, MetricWrapperBase)]
    return sorted(f"{each._name} {each._type} {','.join(each._labelnames)}".strip() for each in metrics)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings")
    import django

    django.setup()
    FILE.write_text("\n".join(declared()) + "\n", encoding="utf-8")
