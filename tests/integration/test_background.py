"""Without a queue server, tasks and periodic tasks run in threads of the serving process."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite  # No database is involved.

PROCESS = """
    import sys, threading
    from pathlib import Path
    from celery import Celery
    from cms.config.background import Background
    from tests.waiting import wait_until

    app = Celery("trial", broker="memory://localhost/")
    app.conf.update(broker_transport_options={"polling_interval": 0.05}, task_ignore_result=True)
    app.conf.beat_schedule = {"tick": {"task": "note", "schedule": 0.2, "args": ("tick",)}}
    ran = {}

    @app.task(name="note")
    def note(word):
        ran[word] = threading.current_thread().name

    background = Background(app)
    background.start()
    note.delay("sent")
    wait_until(lambda: {"sent", "tick"} <= ran.keys())
    background.stop()
    print(ran["sent"], ran["tick"])
"""


def test_sent_and_periodic_tasks_run_beside_the_process(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]

    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROCESS)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout == "celery-worker celery-worker\n"
    assert list(tmp_path.iterdir()) == []  # No schedule file is left where the command was called.
