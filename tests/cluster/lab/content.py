"""A small site for a lab: it starts sooner than the demo site. Run in a process of the lab: `shell -c`."""

from tests.factories.site import make_world
from tests.journeys.signing_in import ADDRESS, PASSWORD, make_ada

SEED = [["shell", "-c", f"from {__name__} import make; make()"]]
"""Commands for `laboratory(seed=...)`."""
PAGES = 6
EDITOR = {"email": ADDRESS, "password": PASSWORD}


def make() -> None:
    """Make an administrator, and pages at /page-0/ and so on."""
    make_ada()
    world = make_world()
    for number in range(PAGES):
        world.publish(world.page(f"Page {number}"))
