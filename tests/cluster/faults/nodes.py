"""What tests do to the nodes of a cluster, beyond what the lab does."""

from reliability.lab.cluster import Cluster
from tests.waiting import wait_until


def cut_off(nodes: Cluster) -> None:
    """Let no standby receive any more; a hung one would read on what the kernel kept for it."""
    for standby in nodes.standbys:
        standby.configure({"primary_conninfo": ""})
        wait_until(lambda node=standby: node.value("SELECT count(*) FROM pg_stat_wal_receiver") == 0)
