"""Dashboards and alerts of others rely on names and labels of metrics: a change is a reviewed difference.

python -m tests.promises.metrics    accepts today's names as the promised ones
"""

from tests.promises.metrics import FILE, declared


def test_metrics_keep_their_names_and_labels() -> None:
    promised = FILE.read_text(encoding="utf-8").splitlines()

    assert declared() == promised
