"""What can be done to a running lab? One function for each order; its answer is what the person reads."""

from collections.abc import Callable, Mapping
from typing import Any

from reliability.lab.laboratory import Laboratory
from reliability.lab.node import Node
from reliability.lab.promoter import LocalPromoter, Promotion, PromotionRefused
from reliability.lab.status import collect


class OrderRefused(Exception):
    """The order does not fit the state of the lab; the message says what does."""


def status(lab: Laboratory, **_: Any) -> dict[str, Any]:
    """Tell how every part is."""
    return collect(lab)


def lag(lab: Laboratory, *, node: str, seconds: float, **_: Any) -> str:
    """Let a standby show each commit so many seconds late."""
    _standby(lab, node).delay(seconds=seconds)
    return f"{node} is {seconds:g} s behind from now on." if seconds else f"{node} catches up."


def pause(lab: Laboratory, *, node: str, **_: Any) -> str:
    """Let a standby show nothing new."""
    _standby(lab, node).pause_replay()
    return f"{node} shows nothing new until: lab resume {node}"


def kill(lab: Laboratory, *, node: str, **_: Any) -> str:
    """End all processes of a node at once."""
    _awake(lab, node, even_hung=True).kill()
    return f"{node} is dead. To start it again: lab resume {node}"


def hang(lab: Laboratory, *, node: str, **_: Any) -> str:
    """Stop all processes of a node: it accepts connections and answers nobody."""
    _awake(lab, node).hang()
    return f"{node} hangs until: lab resume {node}"


def resume(lab: Laboratory, *, node: str, **_: Any) -> str:
    """Undo hang, pause, lag or kill."""
    found = lab.node(node)
    found.resume()
    if not found.is_running:
        found.stop()
        found.start()
    if found.is_in_recovery():
        found.resume_replay()
        found.delay(seconds=0)
    elif found is not lab.nodes.primary:
        return f"{node} is back, accepts writes, and is not the primary any more. To let it follow: lab rejoin {node}"
    return f"{node} is back."


def partition(lab: Laboratory, *, node: str, region: str | None = None, **_: Any) -> str:
    """Cut a node off from one region, or from all but its own: nothing passes, nothing is refused."""
    links = lab.links_to(lab.node(node), region=region)
    for link in links:
        link.blackhole()
    return f"Nothing passes any more: {', '.join(link.name for link in links)}. To undo: lab heal {node}"


def heal(lab: Laboratory, *, node: str, **_: Any) -> str:
    """Let everything pass to a node again."""
    found = lab.node(node)
    for region in lab.regions:
        for link in lab.links_to(found, region=region):
            link.heal()
    return f"Every region reaches {node}."


def promote(lab: Laboratory, *, node: str, fence: bool = True, **_: Any) -> str:
    """Make a standby the primary, and let the others follow it."""
    if lab.node(node) is lab.nodes.primary:
        raise OrderRefused(f"{node} is the primary already.")
    return _explain(LocalPromoter(lab.nodes).promote(node, fence=fence))


def rejoin(lab: Laboratory, *, node: str, **_: Any) -> str:
    """Let a node follow the primary, without what it alone has."""
    lab.node(node)
    seconds = LocalPromoter(lab.nodes).rejoin(node)
    return f"{node} follows {lab.nodes.primary.node} after {seconds:.1f} s; what only {node} had is gone."


ORDERS: Mapping[str, Callable[..., Any]] = {
    order.__name__: order for order in (status, lag, pause, kill, hang, resume, partition, heal, promote, rejoin)
}
REFUSALS = (OrderRefused, PromotionRefused)


def _standby(lab: Laboratory, name: str) -> Node:
    node = _awake(lab, name)
    if not node.is_in_recovery():
        raise OrderRefused(f"{name} is no standby; only standbys can be behind.")
    return node


def _awake(lab: Laboratory, name: str, *, even_hung: bool = False) -> Node:
    node = lab.node(name)
    if not node.is_running:
        raise OrderRefused(f"{name} is down; first: lab resume {name}")
    if node.is_hung and not even_hung:
        raise OrderRefused(f"{name} hangs; first: lab resume {name}")
    return node


def _explain(promotion: Promotion) -> str:
    parts = [f"{promotion.node} is the primary since {promotion.position}, after {promotion.seconds:.1f} s."]
    if promotion.followers:
        parts.append(f"{', '.join(promotion.followers)} follows it.")
    if promotion.left_behind:
        parts.append(f"{', '.join(promotion.left_behind)} did not answer; later: lab rejoin NODE")
    if promotion.fenced:
        parts.append(f"{promotion.fenced} was ended, so that it accepts no more writes: lab rejoin {promotion.fenced}")
    return "\n".join(parts)
