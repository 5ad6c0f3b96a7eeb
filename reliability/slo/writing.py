"""Which files follow from the objectives, and what is in them? Pure: path below the folder of deployment -> text."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from reliability.slo import alertmanager, dashboards, rules
from reliability.slo.objectives import Catalogue
from reliability.slo.windows import Scale

HEAD = "# Written by `manage.py slo generate` from the file of objectives; do not edit.\n"
OBJECTIVES = "helm/rules/objectives.yaml"
STANDING = "helm/rules/standing.yaml"
DASHBOARDS = "helm/dashboards"
ALERTMANAGER = "alertmanager/alertmanager.yaml"
WIDTH = 150


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, as people would."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def files(catalogue: Catalogue, scale: Scale = rules.TRUE_TIME) -> Mapping[str, str]:
    """Give all files."""
    shown = {f"{DASHBOARDS}/{each['uid']}.json": as_json(each) for each in dashboards.all_of(catalogue)}
    return {
        OBJECTIVES: as_yaml(rules.of_objectives(catalogue, scale)),
        STANDING: as_yaml(rules.standing_alerts(catalogue, scale)),
        ALERTMANAGER: as_yaml(alertmanager.configuration(catalogue, scale)),
        **shown,
    }


def as_yaml(content: Mapping[str, Any]) -> str:
    """Write YAML in the order given."""
    return HEAD + yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=WIDTH, allow_unicode=True)


def as_json(content: Mapping[str, Any]) -> str:
    """Write JSON in the order given, one value a line, so that a difference is readable."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
