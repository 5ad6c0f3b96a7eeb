"""Numbers are those of all processes, whichever one is asked."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.cluster.telemetry.conftest import Project
from tests.waiting import wait_until

LABELS = 'http_request_method="GET",http_response_status_code="{}",http_route="{}",slo_class="public"'
REQUESTS = 80


def answers(project: Project, route: str, status: int) -> float:
    return project.metric(f"http_server_request_duration_seconds_count{{{LABELS.format(status, route)}}}")


def test_any_worker_answers_for_all(project: Project) -> None:
    project.serve("--workers=3")

    with ThreadPoolExecutor(8) as clients:
        list(clients.map(project.get, ["/plain/", "/broken/"] * (REQUESTS // 2)))

    # Each process counts its own within a second; whoever is asked tells of all.
    wait_until(lambda: answers(project, "plain/", 200) + answers(project, "broken/", 500) == REQUESTS)
    assert {answers(project, "plain/", 200) for _ in range(8)} == {REQUESTS / 2}
    assert {answers(project, "broken/", 500) for _ in range(8)} == {REQUESTS / 2}
    assert project.metric('http_request_db_queries_count{http_route="plain/"}') == 0
    wait_until(lambda: project.metric('http_server_active_requests{http_request_method="GET"}') == 0)


def test_requests_under_way_are_counted_over_all_workers(project: Project) -> None:
    project.serve()

    with ThreadPoolExecutor(3) as clients:  # fewer than one worker has threads, so that one is left to be asked
        under_way = [clients.submit(project.get, "/held/") for _ in range(3)]
        wait_until(lambda: project.metric('http_server_active_requests{http_request_method="GET"}') == 3)
        (project.folder / "released").touch()
        assert {answer.result().status_code for answer in under_way} == {200}

    wait_until(lambda: project.metric('http_server_active_requests{http_request_method="GET"}') == 0)


def test_each_route_begins_at_zero(project: Project) -> None:
    project.serve()

    page = project.get("/metrics").text

    assert f"http_server_request_duration_seconds_count{{{LABELS.format(500, 'plain/')}}} 0.0" in page


def test_an_access_line_says_what_became_of_a_request(project: Project) -> None:
    project.serve()

    project.get("/broken/?password=secret-value")
    project.get("/secret/secret-value-broken/")
    project.end(project.web)

    broken, secret = [line for line in project.lines("web") if line["logger"] == "access"]
    assert broken["level"] == "INFO"
    assert {key: broken[key] for key in ("method", "path", "route", "status", "slo_class", "db_queries")} == {
        "method": "GET",
        "path": "/broken/",
        "route": "broken/",
        "status": 500,
        "slo_class": "public",
        "db_queries": 0,
    }
    assert broken["duration_ms"] > 0
    assert secret["path"] == "/secret/<str:token>/"
    assert "secret-value" not in project.output("web")
    assert project.collector.named("GET secret/<str:token>/")[0].attributes["url.path"] == "/secret/<str:token>/"
    fault, hidden = [line for line in project.lines("web") if line["level"] == "ERROR"]
    assert "broken on purpose" in fault["exc_info"]
    assert fault["request_id"] == broken["request_id"]
    assert hidden["message"] == "Internal Server Error: /secret/<str:token>/"


def test_one_process_makes_the_zeros_for_all(project: Project) -> None:
    project.serve("--workers=3")

    def files() -> list[Path]:
        with ThreadPoolExecutor(8) as clients:
            list(clients.map(project.get, ["/plain/"] * 8))
        return list((project.folder / "metrics").glob("histogram_*.db"))

    wait_until(lambda: len(files()) == 3)
    assert sum(b"held/" in file.read_bytes() for file in files()) == 1
