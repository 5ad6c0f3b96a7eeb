"""Every setting is documented: once where it is declared, once where operators read."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from cms.config import env
from cms.config.env import Environment

README = Path(env.__file__).with_name("README.md").read_text()
SOURCE = Path(env.__file__).read_text()


def test_every_variable_that_is_read_is_documented() -> None:
    read = set(re.findall(r'"(CMS_[A-Z_]+)"', SOURCE))

    documented = set(re.findall(r"^\| `(CMS_[A-Z_]+)`", README, flags=re.M))

    assert documented == read
    assert read == {f"CMS_{field.name.upper()}" for field in fields(Environment)}


def test_the_page_says_what_the_declaration_says() -> None:
    expected = [f"| `{name}` | {text} |" for name, text in _declared().items()]

    assert [line for line in README.splitlines() if line.startswith("| `CMS_")] == expected


def _declared() -> dict[str, str]:
    """Read the docstrings under the fields: {"CMS_MODE": "`development` (default) or `production`."}."""
    module = ast.parse(SOURCE)
    declared = next(node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Environment")
    strings = [
        node.value.value
        for node in declared.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    found = (re.match(r"`(CMS_[A-Z_]+)`: (.*)", text) for text in strings)
    return {match[1]: match[2].replace("|", "\\|") for match in found if match}
