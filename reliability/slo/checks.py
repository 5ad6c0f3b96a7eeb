"""Are the objectives right? A mistake stops every command, and says what to change."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from reliability.slo.objectives import WrongObjectives
from reliability.slo.vocabulary import catalogue


@register()
def check_objectives(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a file of objectives with mistakes in it."""
    try:
        catalogue()
    except WrongObjectives as wrong:
        return [Error(problem, hint="Mend the file that SLO_FILE names.", id="slo.E001") for problem in wrong.problems]
    return []
