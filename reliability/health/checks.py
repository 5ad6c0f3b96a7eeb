"""Is what HEALTH_PROBES names usable? Found by `manage.py check`, not by the first process that is not ready."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, register

from reliability.health import configuration


@register()
def check_probes(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a probe that cannot be loaded, lacks a member, or would take every instance out together."""
    try:
        names = [probe.name for probe in configuration.probes()]
    except (configuration.WrongProbe, ImportError) as error:
        return [checks.Error(str(error), hint="Mend the name in HEALTH_PROBES.", id="health.E001")]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        hint = "Give each probe a name of its own."
        return [checks.Error(f"Two probes are called {twice[0]}.", hint=hint, id="health.E002")]
    return []
