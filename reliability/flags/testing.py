"""Flags in tests: answers that are set for a block, and flags that are really stored."""

from reliability.flags.api import override_flag

__all__ = ["override_flag"]
