"""How does one PostgreSQL node of a cluster live, follow, fall behind, stand still, die and come back?"""

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from reliability.lab import processes
from reliability.lab.asking import QUERY_SECONDS, Answering, NodeFailed, wait
from reliability.lab.servers import POSTGRES_OPTIONS


class Node(Answering):
    """One PostgreSQL server in a region, primary or standby; it keeps its port over restarts."""

    def __init__(self, *, name: str, region: str, folder: Path, options: Mapping[str, str] | None = None) -> None:
        super().__init__(name=name, folder=folder, options=options)
        self.region = region
        self.is_hung = False

    def __repr__(self) -> str:
        return f"<Node {self.node}>"

    @property
    def application_url(self) -> str:
        """Give the address in the form that the application is configured with, with the node's name and region."""
        return self.described_url(port=self.port)

    @property
    def slot(self) -> str:
        return self.node.replace("-", "_")

    def described_url(self, *, port: int) -> str:
        """Give the address of this node behind another port, that of a link for example."""
        return f"postgres://cms@127.0.0.1:{port}/{self.database}?node={self.node}&region={self.region}"

    def create(self) -> None:
        """Make the data folder (`initdb`)."""
        super().create()
        # pg_rewind recovers a killed node by itself, without our command line: it records there what it finds here,
        # and removes the WAL that it needs itself a moment later unless it is told to keep it.
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"wal_log_hints = on\nwal_keep_size = {POSTGRES_OPTIONS['wal_keep_size']}\n")

    def start(self) -> None:
        """Start, or start again, and wait until the node answers queries. Raises ServerFailed."""
        if not self._is_port_fixed:
            self.port = processes.lasting_port()
            self._is_port_fixed = True
        super().start()

    def stop(self) -> None:
        """End the node at once, also when it hangs; nothing happens when it does not run."""
        if self.is_hung:
            self.resume()
        super().stop()

    def shut_down(self) -> None:
        """End the node in good order: clients are cut off, standbys get everything, a checkpoint is written."""
        self.resume()
        if self._process is not None:
            processes.end(self._process, by=signal.SIGINT)
        self.stop()

    def kill(self) -> None:
        """End all processes of the node as a power cut would (SIGKILL), and wait until they are gone."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGSTOP)  # It must not start another process meanwhile.
        family = [*processes.children(self._process.pid), self._process.pid]
        _signal(family, signal.SIGKILL)
        self._process.wait()
        wait(lambda: not any(_is_alive(pid) for pid in family), f"{self.node} is still there after SIGKILL")
        self.is_hung = False
        super().stop()

    def hang(self) -> None:
        """Stop every process of the node (SIGSTOP): the kernel still accepts connections, nobody answers."""
        process = self._running()
        process.send_signal(signal.SIGSTOP)
        _signal(processes.children(process.pid), signal.SIGSTOP)
        self.is_hung = True

    def resume(self) -> None:
        """Let a hung node go on where it stood; nothing happens when it does not hang."""
        if self.is_hung and self._process is not None:
            _signal([*processes.children(self._process.pid), self._process.pid], signal.SIGCONT)
        self.is_hung = False

    def is_in_recovery(self) -> bool:
        """Tell whether the node is a standby now."""
        return bool(self.value("SELECT pg_is_in_recovery()"))

    def position(self) -> str:
        """Give the position in the WAL that reads on this node have reached, such as 0/3000148."""
        position: str = self.value(
            "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END"
        )
        return position

    def wait_for(self, position: str) -> None:
        """Wait until this standby has replayed up to `position`. Raises NodeFailed after WAIT_SECONDS."""
        wait(
            lambda: self.value("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position]) is not False,
            f"{self.node} has not reached {position}",
        )

    def pause_replay(self) -> None:
        """Let this standby receive, but show nothing new, until `resume_replay`."""
        self.query("SELECT pg_wal_replay_pause()")
        sql = "SELECT pg_get_wal_replay_pause_state()"
        wait(lambda: self.value(sql) == "paused", f"{self.node} does not stop replay")

    def resume_replay(self) -> None:
        """End the pause of replay."""
        self.query("SELECT pg_wal_replay_resume()")

    def delay(self, *, seconds: float) -> None:
        """Let this standby show each commit `seconds` after it happened; 0 ends it, and it catches up."""
        self.configure({"recovery_min_apply_delay": f"{round(seconds * 1000)}ms"})

    def promote(self) -> None:
        """Make this standby a primary, and wait until it accepts writes. Nobody else is told or stopped."""
        if not self.value("SELECT pg_promote(wait => true, wait_seconds => %s)", [int(QUERY_SECONDS)]):
            raise NodeFailed(f"{self.node} was not promoted within {QUERY_SECONDS} s; its log is {self.log}.")

    def copy_from(self, primary: Self) -> None:
        """Make this node's data folder a copy of a running primary, which keeps WAL for it in a slot."""
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        primary.keep_wal_for(self)
        if self.data.exists():
            shutil.rmtree(self.data)
        command = [str(self.binaries / "pg_basebackup"), "-D", str(self.data), "-X", "stream", "-c", "fast"]
        slot = ["-S", self.slot, "--no-sync", "-d", self._conninfo(primary.port)]
        processes.run([*command, *slot], user=self.user)
        self.write_standby_settings(primary)

    def rewind_to(self, primary: Self) -> None:
        """Throw away what this stopped node has and `primary` has not, so that it can follow (pg_rewind)."""
        command = [str(self.binaries / "pg_rewind"), "-D", str(self.data), "--no-sync"]
        processes.run([*command, f"--source-server={self._conninfo(primary.port)} dbname=postgres"], user=self.user)

    def write_standby_settings(self, primary: Self) -> None:
        """Tell this stopped node to start as a standby of `primary`; settings made while it ran are gone."""
        conninfo = self._conninfo(primary.port)
        (self.data / "postgresql.auto.conf").write_text(
            f"primary_conninfo = '{conninfo}'\nprimary_slot_name = '{self.slot}'\n"
        )
        (self.data / "standby.signal").touch()

    def follow(self, primary: Self) -> None:
        """Let this running standby receive from another node, and wait until it does. Raises NodeFailed."""
        self.aim_at(primary)
        primary.wait_for_standby(self)

    def aim_at(self, primary: Self) -> None:
        """Let this running standby receive from another node, as soon as that one answers."""
        self.configure({"primary_conninfo": self._conninfo(primary.port), "primary_slot_name": self.slot})

    def keep_wal_for(self, standby: Self) -> None:
        """Make the slot in which this primary keeps WAL for a standby, where it is missing."""
        self.query(
            "SELECT pg_create_physical_replication_slot(%s) WHERE NOT EXISTS"
            " (SELECT FROM pg_replication_slots WHERE slot_name = %s)",
            [standby.slot, standby.slot],
        )

    def wait_for_standby(self, standby: Self) -> None:
        """Wait until `standby` streams from this node. Raises NodeFailed after WAIT_SECONDS."""
        sql = "SELECT count(*) FROM pg_stat_replication WHERE application_name = %s AND state = 'streaming'"
        wait(lambda: self.value(sql, [standby.node]) == 1, f"{standby.node} does not stream from {self.node}")

    def _conninfo(self, port: int) -> str:
        return f"host=127.0.0.1 port={port} user=cms application_name={self.node}"

    def _running(self) -> Any:
        if self._process is None:
            raise NodeFailed(f"{self.node} does not run; start it first.")
        return self._process


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # It ended by itself meanwhile.


def _is_alive(pid: int) -> bool:
    """A process that nobody has waited for yet is dead all the same."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rpartition(") ")[2][0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
