"""What is the lab made of? Three regions: a database node, a site and a worker in each, and the links between them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from reliability.lab import processes
from reliability.lab.cluster import REGIONS, Cluster, cluster
from reliability.lab.links import Link, Network, network
from reliability.lab.node import Node
from reliability.lab.region import SLOTS, Project, Region
from reliability.lab.servers import Redis, redis, temporary_folder

Say = Callable[[str], None]


class PortTaken(Exception):
    """A port of the lab is in use; the message names the fix."""


class UnknownName(Exception):
    """There is no node or region of this name; the message lists those that exist."""


class Laboratory:
    """The parts of a running lab, by name."""

    def __init__(self, *, nodes: Cluster, links: Network, regions: Sequence[Region], queue: Redis) -> None:
        self.nodes = nodes
        self.links = links
        self.regions = {region.name: region for region in regions}
        self.queue = queue

    def node(self, name: str) -> Node:
        """Find a node. Raises UnknownName."""
        if name not in self.nodes.nodes:
            raise UnknownName(f"There is no node {name!r}; the nodes are {', '.join(self.nodes.nodes)}.")
        return self.nodes[name]

    def links_to(self, node: Node, *, region: str | None = None) -> list[Link]:
        """List the links to a node from one region, or else from all but its own. Raises UnknownName."""
        if region is not None and region not in self.regions:
            raise UnknownName(f"There is no region {region!r}; the regions are {', '.join(self.regions)}.")
        wanted = [region] if region else [name for name in self.regions if name != node.region]
        return [self.links[link_name(name, node)] for name in wanted]


def link_name(region: str, node: Node) -> str:
    """Name the link by which the processes of a region reach a node."""
    return f"{region} to {node.node}"


@contextmanager
def laboratory(*, project: Project, first_port: int, seed: Sequence[Sequence[str]], say: Say) -> Iterator[Laboratory]:
    """Start a whole lab with its content, and end all of it. `say` is told what takes time.

    Call it from the main thread: the processes end with the thread that started them.
    Raises PortTaken, BinaryMissing, ServerFailed, NodeFailed, CommandFailed.
    """
    for port in range(first_port, first_port + len(REGIONS)):
        if not processes.is_port_free(port):
            raise PortTaken(f"Port {port} is in use; take three others: make lab PORT={first_port + 100}")
    with ExitStack() as stack:
        say("Starting PostgreSQL in three regions, and Redis ...")
        nodes = stack.enter_context(cluster())
        queue = stack.enter_context(redis())
        links = stack.enter_context(network())
        folder = stack.enter_context(temporary_folder("lab"))
        for region in REGIONS.values():
            for node in nodes:
                links.open(target=node.port, name=link_name(region, node))
        regions = [
            Region(
                name=region,
                port=first_port + number,
                project=project,
                environment=_environment(nodes, links, queue, region=region, folder=folder),
                folder=folder,
                runs_clock=number == 0,
            )
            for number, region in enumerate(REGIONS.values())
        ]
        lab = Laboratory(nodes=nodes, links=links, regions=regions, queue=queue)
        _fill(regions[0], seed=seed, say=say)
        nodes.wait_until_caught_up()
        stack.callback(_stop, regions)
        say("Starting a site and a worker in each region ...")
        for each in regions:
            each.start()
        for each in regions:
            each.wait()
        yield lab


def _environment(nodes: Cluster, links: Network, queue: Redis, *, region: str, folder: Path) -> Mapping[str, str]:
    urls = [node.described_url(port=links[link_name(region, node)].port) for node in nodes]
    return {
        "CMS_DATABASE_URL": urls[0],
        "CMS_REPLICA_URLS": ",".join(urls[1:]),
        "CMS_REGION": region,
        "CMS_PRIMARY_REGION": nodes.primary.region,
        "CMS_REDIS_URL": queue.url,
        "CMS_DATA_DIR": str(folder),  # Media are shared, as by an object store.
        "CMS_WEB_WORKERS": "1",
        "CMS_REQUEST_SLOTS": str(SLOTS),
        "CMS_STATE_DIR": str(folder / f"{region}-state"),
    }


def _fill(region: Region, *, seed: Sequence[Sequence[str]], say: Say) -> None:
    say("Preparing the database ...")
    region.manage("migrate", "--verbosity=0", "--no-input")
    for command in seed:
        say(f"Running {' '.join(command)} ...")
        region.manage(*command)


def _stop(regions: Sequence[Region]) -> None:
    for region in regions:
        region.ask_to_end()
    for region in regions:
        region.stop()
