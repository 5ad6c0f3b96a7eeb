"""Is a definition right? Every fault with its place, and what to write instead."""

from reliability.flags.validation.faults import Attributes, Fault
from reliability.flags.validation.flags import check_flag

__all__ = ["Attributes", "Fault", "check_flag"]
