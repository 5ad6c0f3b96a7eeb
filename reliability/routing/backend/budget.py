"""How often may this process run reads again? Once for all its threads, so that retries never multiply load."""

from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed

from reliability.limits.retry import Budget
from reliability.routing.current import options


@lru_cache(maxsize=1)
def retry_budget() -> Budget:
    """Give the budget of this process; enough in store for all its connections to break at once."""
    chosen = options()
    return Budget(percent=chosen.retry_budget_percent, reserve=2.0 * chosen.pool_max * max(1, len(chosen.nodes)))


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "ROUTING":
        retry_budget.cache_clear()


setting_changed.connect(_forget)
