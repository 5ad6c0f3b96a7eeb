"""The screens of flags, in Django's admin."""

from reliability.flags.admin.flags import FlagAdmin

__all__ = ["FlagAdmin"]
