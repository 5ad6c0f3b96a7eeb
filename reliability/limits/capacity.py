"""How many threads does a web process need? Pure, and without the metrics library, for the server's configuration."""

SPARE_THREADS = 2
"""For probes and refusals, which need no slot."""


def threads(slots: int) -> int:
    """Tell how many: one for each slot, as many for those that wait a moment for one, and some to spare."""
    return 2 * slots + SPARE_THREADS
