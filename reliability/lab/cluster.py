"""Where do tests and the lab get a real PostgreSQL primary with streaming standbys, one node in each region?

with cluster() as nodes:
    nodes["us-1"].query("CREATE TABLE greeting AS SELECT 'hello' AS words")
    nodes.wait_until_caught_up()
    print(nodes["eu-1"].value("SELECT words FROM greeting"))
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from psycopg import sql

from reliability.lab.node import Node
from reliability.lab.servers import temporary_folder

REGIONS: Mapping[str, str] = {"us-1": "us-east", "eu-1": "eu-west", "ap-1": "ap-southeast"}
"""Node -> its region; the first one begins as the primary."""
OPTIONS: Mapping[str, str] = {
    # Nobody pulls the plug of this machine: what kill -9 leaves behind is in the kernel's cache, and so is safe.
    "fsync": "off",
    "max_wal_size": "256MB",
    "max_replication_slots": "10",
}
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")
"""What migrations wrote, and no test."""


class Cluster:
    """A primary and its standbys, by name. `primary` is the node that was promoted last, until it is told otherwise."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = dict(nodes)
        self.primary = next(iter(self.nodes.values()))

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    @property
    def standbys(self) -> list[Node]:
        return [node for node in self if node is not self.primary]

    def start(self) -> None:
        """Make the primary, copy it to the standbys, and wait until all of them stream.

        Raises BinaryMissing, ServerFailed, NodeFailed.
        """
        self.primary.create()
        self.primary.start()
        self.primary.create_database(self.primary.database)
        for standby in self.standbys:
            standby.copy_from(self.primary)
            standby.start()
        self.wait_until_streaming()

    def stop(self) -> None:
        """End every node at once, in whatever state it is."""
        for node in reversed(self.nodes.values()):
            node.stop()

    def promote(self, name: str) -> None:
        """Promote a standby, plainly: the old primary and the other standbys are neither told nor stopped."""
        self.nodes[name].promote()
        self.primary = self.nodes[name]

    def rejoin(self, name: str) -> None:
        """Bring a node back as a standby of the primary, without what it alone has; its data folder is kept.

        Raises CommandFailed when pg_rewind cannot, ServerFailed, NodeFailed.
        """
        node = self.nodes[name]
        node.shut_down()
        self.primary.query("CHECKPOINT")  # pg_rewind reads the timeline from the control file, which lags otherwise.
        self.primary.keep_wal_for(node)
        node.rewind_to(self.primary)
        node.write_standby_settings(self.primary)
        node.start()
        self.primary.wait_for_standby(node)

    def wait_until_streaming(self) -> None:
        """Wait until every standby streams from the primary. Raises NodeFailed."""
        for standby in self.standbys:
            self.primary.wait_for_standby(standby)

    def wait_until_caught_up(self) -> None:
        """Wait until every standby shows what the primary shows now. Raises NodeFailed."""
        position = self.primary.position()
        for standby in self.standbys:
            standby.wait_for(position)

    def environment(self, *, region: str) -> dict[str, str]:
        """Give the settings of an application in `region` that talks to every node directly."""
        return {
            "CMS_DATABASE_URL": self.primary.application_url,
            "CMS_REPLICA_URLS": ",".join(node.application_url for node in self.standbys),
            "CMS_REGION": region,
            "CMS_PRIMARY_REGION": self.primary.region,
        }

    def reset(self) -> None:
        """Undo what a test did to a cluster whose primary it left alone: state of nodes, settings, rows.

        Raises NodeFailed when a standby does not follow any more, psycopg.errors.LockNotAvailable when the test left
        a transaction open.
        """
        for node in self:
            _restore(node)
        self.wait_until_streaming()
        _empty(self.primary)
        self.wait_until_caught_up()


@contextmanager
def cluster(*, regions: Mapping[str, str] = REGIONS, options: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Run a fresh cluster with an empty database named `cms`, and remove it with its data at the end.

    `regions` names the nodes, the primary first; `options` are settings of every node's postgresql.conf.
    Raises BinaryMissing when PostgreSQL is not installed, ServerFailed or NodeFailed when a node does not start.
    """
    with ExitStack() as stack:
        nodes = Cluster(
            {
                name: Node(
                    name=name,
                    region=region,
                    folder=stack.enter_context(temporary_folder(name)),
                    options={**OPTIONS, **(options or {})},
                )
                for name, region in regions.items()
            }
        )
        stack.callback(nodes.stop)
        nodes.start()
        yield nodes


def _restore(node: Node) -> None:
    node.resume()
    if not node.is_running:
        node.stop()
        node.start()
    node.configure({"recovery_min_apply_delay": "0", "synchronous_standby_names": ""})
    node.query("SELECT pg_wal_replay_resume() WHERE pg_is_in_recovery()")


def _empty(primary: Node) -> None:
    with primary.connect() as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s)", [list(KEPT_TABLES)]
        ).fetchall()
        if tables:
            names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in tables)
            connection.execute("SET lock_timeout = '5s'")
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
