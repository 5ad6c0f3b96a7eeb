"""A bare Django project, as `startproject` makes it, with the lines of the README in its settings, under gunicorn."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import httpx

from reliability.lab import processes
from reliability.lab.cluster import Cluster
from reliability.routing import options
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
README = Path(options.__file__).with_name("README.md")
ADDRESSES = re.compile(r'"postgres://[^"]+"')
VIEWS = """
import json
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from reliability.routing.session import consistency

def names(request):
    return JsonResponse(list(Group.objects.order_by("id").values_list("name", flat=True)), safe=False)

@csrf_exempt
def write(request):
    with transaction.atomic():
        Group.objects.create(name=request.POST["name"])
    return names(request)

@csrf_exempt
def write_at_once(request):
    Group.objects.create(name=request.POST["name"])
    return JsonResponse({})

def captured(request):
    raw = "INSERT INTO auth_group (name) VALUES (%s) RETURNING id, name"
    return JsonResponse([group.name for group in Group.objects.raw(raw, [request.GET["name"]])], safe=False)

def strong(request):
    with consistency("strong"):
        return names(request)

def nothing(request):
    return JsonResponse({})

def form(request):
    from django.middleware.csrf import get_token
    return HttpResponse(get_token(request))

def save(request):
    Group.objects.create(name=request.POST["name"])
    return HttpResponse("saved")

urlpatterns = [
    path(f"{view.__name__}/", view) for view in (names, write, write_at_once, captured, strong, nothing, form, save)
]
"""


class Project:
    """A folder with a Django project that uses a cluster."""

    def __init__(
        self,
        folder: Path,
        nodes: Cluster,
        *,
        region: str = "eu-west",
        more: str = "",
        modules: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Make it; `more` lines of settings, and `modules` of the package `bare`: name -> source."""
        self.folder = folder
        self._run("-m", "django", "startproject", "bare", ".")
        settings = folder / "bare" / "settings.py"
        settings.write_text(settings.read_text() + lines_of_the_readme(nodes, region) + more)
        for name, source in {"urls.py": VIEWS, **modules}.items():
            (folder / "bare" / name).write_text(source)

    def manage(self, *command: str) -> str:
        """Run a command of the project, and give what it printed."""
        return self._run("manage.py", *command)

    @contextmanager
    def served(self) -> Iterator[httpx.Client]:
        """Serve it with four threads; gives a client of it."""
        port = processes.free_port()
        address = ["--bind", f"127.0.0.1:{port}"]
        with (
            self.running("gunicorn", *address, "--worker-class", "gthread", "--threads", "4", "bare.wsgi") as log,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
        ):
            wait_until(lambda: _answers(client), or_show=log.read_text)
            yield client

    @contextmanager
    def running(self, module: str, *arguments: str) -> Iterator[Path]:
        """Run a program of the environment in the project's folder; gives its log."""
        log = self.folder / f"{module}.log"
        paths = f"PYTHONPATH={ROOT}{os.pathsep}{self.folder}"
        process = processes.spawn(["/usr/bin/env", paths, sys.executable, "-m", module, *arguments], log=log)
        try:
            yield log
        finally:
            processes.end(process)

    def _run(self, *command: str) -> str:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        answer = subprocess.run(
            [sys.executable, *command], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout + answer.stderr


def lines_of_the_readme(nodes: Cluster, region: str) -> str:
    """Take the settings out of the README, with the addresses of these nodes in place of its examples."""
    block = next(text for text in re.findall(r"```python\n(.*?)```", README.read_text(), re.S) if "DATABASES" in text)
    primary, first, *others = [f'"{node.application_url}"' for node in nodes]
    addresses = iter([primary, ", ".join([first, *others])])
    lines = ADDRESSES.sub(lambda match: next(addresses), block).replace('region="eu-west"', f'region="{region}"')
    return f"\n{lines}\n"


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/nothing/").status_code == 200
    except httpx.TransportError:
        return False
