"""How do tests and measurements get a lab of their own, with a small site in it?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reliability.lab import processes
from reliability.lab.cluster import REGIONS
from reliability.lab.laboratory import Laboratory, laboratory
from reliability.lab.region import Project
from tests.cluster.lab.content import SEED

PROJECT = Project(
    root=Path(__file__).resolve().parents[3],
    settings="cms.config.settings",
    wsgi="cms.config.wsgi.application",
    celery="cms.config.celery",
    server="docker/gunicorn.conf.py",
)


@contextmanager
def running_lab() -> Iterator[tuple[Laboratory, int]]:
    """Run a lab and give it with the port of its first site; call it from the main thread. Raises BinaryMissing."""
    port = processes.ports_in_a_row(len(REGIONS))
    with laboratory(project=PROJECT, first_port=port, seed=SEED, say=print) as lab:
        yield lab, port
