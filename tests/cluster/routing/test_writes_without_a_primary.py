"""The primary dies: everything can be read, writes are refused with the form kept, and come back by themselves."""

import time
from pathlib import Path

import httpx

from reliability.lab.cluster import Cluster
from tests.cluster.routing.bare import Project
from tests.waiting import wait_until

HOLD_SECONDS = 1.0
OPTIONS = f"""
ROUTING["WRITE_HOLD_SECONDS"] = {HOLD_SECONDS}
"""
BROWSER = {"accept": "text/html"}


def test_a_dead_primary_refuses_writes_keeps_forms_and_serves_readers(broken_cluster: Cluster, tmp_path: Path) -> None:
    project = Project(tmp_path, broken_cluster, more=OPTIONS)
    project.manage("migrate", "--verbosity=0")
    with project.served() as client:
        csrf = client.get("/form/").text
        assert client.post("/save/", data={"name": "before", "csrfmiddlewaretoken": csrf}).text == "saved"
        broken_cluster.wait_until_caught_up()

        broken_cluster["us-1"].kill()

        wait_until(lambda: refusal_of(client).elapsed.total_seconds() < HOLD_SECONDS / 2)  # It is read-only now.
        refused = refusal_of(client)
        assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
        assert refused.json()["type"] == "/problems/read-only"
        assert int(refused.headers["Retry-After"]) > 0
        assert client.get("/names/").json() == ["before"]
        assert client.get("/strong/").json() == ["before"]

        kept = client.post("/save/", data={"name": "kept", "csrfmiddlewaretoken": csrf}, headers=BROWSER)
        assert (kept.status_code, kept.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert '<textarea hidden name="name">\nkept</textarea>' in kept.text
        stranger = httpx.post(f"{client.base_url}/save/", data={"name": "cross-site"}, headers=BROWSER)
        assert stranger.status_code == 403

        broken_cluster.promote("eu-1")
        promoted = time.monotonic()
        wait_until(lambda: write(client, "after").status_code == 200)
        assert "after" in client.get("/names/").json()
        print(f"first write after the promotion: {time.monotonic() - promoted:.2f} s")


def refusal_of(client: httpx.Client) -> httpx.Response:
    """Try a write that is refused, sooner or later."""
    answer = write(client, "refused")
    assert answer.status_code == 503, answer.text
    return answer


def write(client: httpx.Client, name: str) -> httpx.Response:
    return client.post("/write/", data={"name": name})
