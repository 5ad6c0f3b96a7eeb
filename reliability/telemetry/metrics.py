"""What are the numbers of this site now? All of them, in Prometheus' text format, whichever process is asked.

Metrics are declared where they are counted, with the metrics library. Two rules: a gauge says how several processes
add up (`multiprocess_mode`, mostly `livemax` or `livesum`), and labels have few values, so never an id or a path.
"""

from django.http import HttpResponse
from django_prometheus.exports import ExportToDjangoView
from prometheus_client.multiprocess import mark_process_dead

from reliability.telemetry.ledger import settle
from reliability.telemetry.process import dead_processes, shared_folder


def render() -> HttpResponse:
    """Answer with the numbers of all processes; those of processes that are gone no longer count as alive."""
    settle()
    folder = shared_folder()
    if folder is not None:
        for pid in dead_processes(folder):
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # it has no annotations
    answer: HttpResponse = ExportToDjangoView(None)
    answer["Cache-Control"] = "no-store"
    return answer
