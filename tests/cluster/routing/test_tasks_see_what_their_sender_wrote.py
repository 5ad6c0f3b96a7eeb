"""A task reads what the request that sent it wrote, although the standby of its region stands still."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest
import redis as redis_client

from reliability.lab.cluster import Cluster, cluster
from reliability.lab.servers import redis
from tests.cluster.routing.bare import VIEWS, Project
from tests.waiting import wait_until

SETTINGS = """
CELERY_BROKER_URL = "{url}"
CELERY_TASK_IGNORE_RESULT = True
"""
CELERY = """
import json
import os
import redis
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bare.settings")
app = Celery("bare", task_cls="reliability.routing.celery:RoutedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")

def report(task, name):
    from django.conf import settings
    from django.contrib.auth.models import Group
    from reliability.routing import session
    found = Group.objects.filter(name=name).exists()
    state = session.current()
    seen = {"found": found, "node": state.served_by, "retries": task.request.retries}
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as store:
        store.rpush(name, json.dumps(seen))

@app.task(bind=True)
def look(task, name):
    report(task, name)

@app.task(bind=True, consistency="delayed")
def look_later(task, name):
    report(task, name)

@app.task(bind=True, consistency="strong")
def look_strongly(task, name):
    report(task, name)
"""
SENDING = VIEWS.replace(
    "urlpatterns",
    """
@csrf_exempt
def write_and_send(request):
    from bare import celery
    with transaction.atomic():
        Group.objects.create(name=request.POST["name"])
        getattr(celery, request.POST["task"]).delay_on_commit(request.POST["name"])
    return JsonResponse({})

@csrf_exempt
def send_too_early(request):
    import warnings
    from bare import celery
    with transaction.atomic(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        celery.look.delay("too early")
    return JsonResponse([str(each.message) for each in caught], safe=False)

urlpatterns""",
    1,
).replace("(names,", "(write_and_send, send_too_early, names,")
MODULES = {"urls.py": SENDING, "celery.py": CELERY, "__init__.py": "from bare.celery import app as celery_app\n"}


class Site:
    """A web process and a worker in eu-west."""

    def __init__(self, nodes: Cluster, client: httpx.Client, store: "redis_client.Redis") -> None:
        self.nodes = nodes
        self._client = client
        self._store = store

    def send(self, task: str, name: str) -> dict[str, Any]:
        """Write a name, send a task that looks for it, and give what it saw."""
        answer = self._client.post("/write_and_send/", data={"task": task, "name": name})
        assert answer.status_code == 200, answer.text[:500]
        reported = self._store.blpop([name], timeout=30)
        assert reported is not None, f"{task} did not run"
        seen: dict[str, Any] = json.loads(reported[1])
        return seen

    def send_too_early(self) -> list[str]:
        warnings: list[str] = self._client.post("/send_too_early/").json()
        return warnings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with cluster() as nodes, redis() as broker:
        more = SETTINGS.format(url=broker.url)
        project = Project(tmp_path_factory.mktemp("tasks"), nodes, more=more, modules=MODULES)
        project.manage("migrate", "--verbosity=0")
        nodes.wait_until_caught_up()
        worker = project.running("celery", "-A", "bare", "worker", "-P", "solo", "-l", "warning")
        with worker, project.served() as client, redis_client.Redis.from_url(broker.url, socket_timeout=60) as store:
            yield Site(nodes, client, store)


@pytest.fixture(autouse=True)
def _whole(site: Site) -> Iterator[None]:
    yield
    site.nodes["eu-1"].resume_replay()
    site.nodes["ap-1"].resume_replay()
    site.nodes.wait_until_caught_up()


def pause(site: Site) -> None:
    site.nodes["eu-1"].pause_replay()
    site.nodes["ap-1"].pause_replay()


def test_in_normal_times_a_task_reads_in_its_region(site: Site) -> None:
    numbers = count()

    # The first task of a worker may come before it has found the nodes, and reads from the primary then.
    wait_until(lambda: site.send("look", f"normal {next(numbers)}") == {"found": True, "node": "eu-1", "retries": 0})


def test_a_task_goes_to_the_primary_when_its_region_does_not_catch_up(site: Site) -> None:
    pause(site)

    assert site.send("look", "paused") == {"found": True, "node": "us-1", "retries": 0}


def test_a_delayed_task_comes_back_once(site: Site) -> None:
    pause(site)

    assert site.send("look_later", "delayed") == {"found": True, "node": "us-1", "retries": 1}


def test_a_strong_task_reads_from_the_primary_at_once(site: Site) -> None:
    assert site.send("look_strongly", "strong") == {"found": True, "node": "us-1", "retries": 0}


def test_a_task_that_is_sent_before_the_commit_is_warned_of(site: Site) -> None:
    assert site.send_too_early() == ["A task was sent inside a transaction; use delay_on_commit."]
