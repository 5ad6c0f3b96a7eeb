"""On the embedded default there is no ops process: the one process answers, counts itself and does what is due."""

import sys
from pathlib import Path

import pytest

from tests.cluster.health.running import ROOT, Instance, instance
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite
WANTED = (
    'health_probe_status{probe="database",scope="shared"} 0.0',
    'process_cpu_seconds_total{agg="sum",role="web"}',
    'process_resident_memory_bytes{agg="max",role="web"}',
    'django_migrations_unapplied_total{connection="default"} 0.0',
)


def test_the_port_of_the_site_has_health_and_metrics(tmp_path: Path) -> None:
    with instance(tmp_path, CMS_HEALTH_TOKEN="secret", CMS_METRICS_DIR="") as site:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "demo-loaded").touch()  # Nothing here needs the demo.
        site.start("embedded", sys.executable, str(ROOT / "manage.py"), "embedded", f"--port={site.web_port}")

        wait_until(lambda: is_ready(site), or_show=site.logs)

        assert site.web("/livez")[0] == 200
        assert site.web("/startupz")[0] == 200
        assert site.web("/regionz?for=writes")[0] == 200
        details = site.web("/readyz?verbose=1", Authorization="Bearer secret")[1]
        assert [each["role"] for each in details["processes"]] == ["web"]
        wait_until(lambda: all(each in site.web("/metrics")[1] for each in WANTED), or_show=site.logs)


def is_ready(site: Instance) -> bool:
    try:
        return site.web("/readyz")[0] == 200
    except OSError:
        return False
