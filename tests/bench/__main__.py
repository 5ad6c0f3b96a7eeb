"""Run benchmarks: `make bench BENCH=read`, or all of them.

Every figure is a ratio of one run, measured in alternating rounds on the same servers; the median counts.
DOCUMENTS sets the size of the corpus (2000; 100000 for growth).
"""

import importlib
import os
import sys
import tempfile
import time
from pathlib import Path
from secrets import token_urlsafe

from reliability.lab.servers import postgres
from tests.bench.figures import show

PRODUCTION = {
    "CMS_MODE": "production",
    "CMS_TLS": "off",
    "CMS_ALLOWED_HOSTS": "127.0.0.1",
    "CMS_SECRET_KEY": token_urlsafe(50),
}
BENCHES = ("read", "publish", "import", "growth", "routing", "flags", "telemetry", "health", "overload")
OPTIONS = {
    "shared_buffers": "512MB",
    "max_connections": "100",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, each on a fresh database of one PostgreSQL server."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    failed = 0
    for name in names:
        failed += _run(name)
    return 1 if failed else 0


def _run(name: str) -> int:
    """Run one benchmark in a child process: Django reads its settings once in a process."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(_measure(name))
    _, status = os.waitpid(child, 0)
    print(f"  ({time.monotonic() - began:.0f} s)")
    return os.waitstatus_to_exitcode(status)


def _measure(name: str) -> int:
    with tempfile.TemporaryDirectory(prefix="cms-bench-") as folder, postgres(options=OPTIONS) as server:
        os.environ |= PRODUCTION | {"CMS_DATABASE_URL": server.url, "CMS_DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "cms.config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        module = importlib.import_module(f"tests.bench.{name}_bench")
        show(name, module.measure(database_pid=server.pid, folder=Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(BENCHES)))
