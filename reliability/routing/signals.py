"""What other parts may listen to."""

from django.dispatch import Signal

lost_write = Signal()
"""A write that was acknowledged may be lost. Sent with `write`, a LostWrite, once by the process that reports it."""
