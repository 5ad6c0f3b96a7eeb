"""After a fork, as pre-forking servers do it: the child looks at the nodes itself, and the parent goes on."""

import json
import subprocess
import sys

from reliability.lab.cluster import Cluster

PROGRAM = """
import json, os, sys
import django
from django.conf import settings
from reliability.routing.configuration import cluster

databases, routing = cluster(sys.argv[1], sys.argv[2:], region="eu-west", primary_region="us-east")
settings.configure(DATABASES=databases, ROUTING=routing, INSTALLED_APPS=["reliability.routing"], SECRET_KEY="x")
django.setup()
from django.db import connections, close_old_connections

def ask():
    with connections["replica"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        answer = [connections["replica"].node.name, cursor.fetchone()[0]]
    close_old_connections()
    return answer

before = ask()
reading, writing = os.pipe()
if os.fork() == 0:
    connections["replica"].connection = None
    os.write(writing, json.dumps(ask()).encode())
    os._exit(0)
child = json.loads(os.read(reading, 1000))
os.wait()
print(json.dumps([before, child, ask()]))
"""


def test_a_child_makes_its_own_connections(pg_cluster: Cluster) -> None:
    addresses = [node.application_url for node in pg_cluster]

    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *addresses], capture_output=True, text=True, timeout=60, check=False
    )

    assert run.returncode == 0, run.stderr
    before, child, after = json.loads(run.stdout.splitlines()[-1])
    assert {before[0], child[0], after[0]} <= {"us-1", "eu-1", "ap-1"}
    assert child[1] not in (before[1], after[1])
