"""Every setting is documented: once where it is declared, once where operators read."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from cms.config import env
from cms.config.env import Environment
from reliability.routing import options

README = Path(env.__file__).with_name("README.md").read_text()
SOURCE = Path(env.__file__).read_text()
GENERAL, _, OF_ROUTING = README.partition("### Routing")


def test_every_variable_that_is_read_is_documented() -> None:
    read = set(re.findall(r'"(CMS_[A-Z_]+)"', SOURCE)) - {env.ROUTING_PREFIX}

    documented = set(re.findall(r"^\| `(CMS_[A-Z_]+)`", GENERAL, flags=re.M))

    assert documented == read
    assert read == {f"CMS_{field.name.upper()}" for field in fields(Environment)} - {"CMS_ROUTING"}


def test_the_page_says_what_the_declaration_says() -> None:
    expected = [f"| `{name}` | {text} |" for name, text in _declared().items()]

    assert [line for line in GENERAL.splitlines() if line.startswith("| `CMS_")] == expected


def test_every_setting_of_routing_is_documented_with_its_default() -> None:
    source = Path(options.__file__).read_text()
    names = [field.name for field in fields(options.Options)]
    texts = dict(zip(names, _strings(source, "Options"), strict=True))
    expected = [
        f"| `CMS_ROUTING_{field.name.upper()}` | {_shown(field.default)} | {texts[field.name]} |"
        for field in options.OPERATOR_OPTIONS
    ]

    assert [line for line in OF_ROUTING.splitlines() if line.startswith("| `CMS_ROUTING_")] == expected


def _shown(default: object) -> str:
    """Write a default as an operator would."""
    if isinstance(default, bool):
        return f"`{'on' if default else 'off'}`"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{default}`" if default != "" else ""


def _declared() -> dict[str, str]:
    """Read the docstrings under the fields: {"CMS_MODE": "`development` (default) or `production`."}."""
    strings = _strings(SOURCE, "Environment")
    found = (re.match(r"`(CMS_[A-Z_]+)`: (.*)", text) for text in strings)
    return {match[1]: match[2].replace("|", "\\|") for match in found if match}


def _strings(source: str, name: str) -> list[str]:
    """Read the docstrings under the fields of a class."""
    module = ast.parse(source)
    declared = next(node for node in module.body if isinstance(node, ast.ClassDef) and node.name == name)
    return [
        node.value.value
        for node in declared.body[1:]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
