"""How long tasks take and how many wait is seen."""

import subprocess
import sys
from pathlib import Path

from reliability.lab.processes import free_port
from tests.cluster.telemetry.conftest import Project
from tests.waiting import wait_until

COLLECT = """
import sys, time
import django
django.setup()
from tests.cluster.telemetry.project.queue import app, call
app.set_default()
from reliability.telemetry import celery
for _ in range(int(sys.argv[1])):
    call.delay("http://127.0.0.1:9/")
    time.sleep(0.3)
celery.collect_queues()
for gauge in (celery.depth, celery.oldest):
    print(gauge.labels("celery")._value.get())
"""


def collect(project: Project, sent: int, **environment: str) -> tuple[float, float]:
    """Send tasks that nobody takes, and collect: gives how many wait, and for how many seconds the oldest has."""
    variables = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "DJANGO_SETTINGS_MODULE": "tests.cluster.telemetry.project.settings",
        "PROJECT_FOLDER": str(project.folder),
        "PROJECT_REDIS": project.redis.url,
        **environment,
    }
    command = [sys.executable, "-c", COLLECT, str(sent)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    waiting, age = map(float, done.stdout.split())
    return waiting, age


def test_the_outcome_and_time_of_each_task_are_counted(project: Project) -> None:
    project.environment["PROJECT_OUTSIDE"] = "http://127.0.0.1:9/refused"
    project.serve()
    project.work()

    project.get("/whole/")

    count = 'celery_task_duration_seconds_count{{outcome="{}",task="project.call"}}'
    wait_until(lambda: project.metric(count.format("failure")) == 1)
    assert f"{count.format('success')} 0.0" in project.get("/metrics").text


def test_what_waits_and_for_how_long_is_seen(project: Project) -> None:
    waiting, age = collect(project, sent=3)

    assert waiting == 3
    assert 0.6 < age < 30


def test_an_empty_queue_is_empty(project: Project) -> None:
    assert collect(project, sent=0) == (0, 0)


def test_a_queue_that_cannot_be_read_is_unknown_and_not_empty(project: Project) -> None:
    waiting, age = collect(project, sent=0, PROJECT_REDIS=f"redis://127.0.0.1:{free_port()}/0")

    assert waiting != waiting  # no number
    assert age != age
