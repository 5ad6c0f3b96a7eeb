"""Is the setting FLAGS right? Each check with an id and a hint that names the fix."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from reliability.flags.configuration import DEFAULTS, KINDS, option

MIDDLEWARE = "reliability.flags.middleware.FlagsMiddleware"


@register(Tags.compatibility)
def check_flags(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Check names, kinds, folders and the middleware."""
    return [*_unknown(), *_kinds(), *_ofrep(), *_state_dir(), *_middleware()]


def _unknown() -> list[CheckMessage]:
    names = sorted(set(getattr(settings, "FLAGS", {})) - set(DEFAULTS))
    hint = f"Known are: {', '.join(DEFAULTS)}."
    return [Error(f"FLAGS has no member {name!r}.", hint=hint, id="flags.E001") for name in names]


def _kinds() -> list[CheckMessage]:
    hint = f"Use one of: {', '.join(KINDS)}."
    return [
        Error(f"FLAGS['CONTEXT'][{name!r}] is {kind!r}.", hint=hint, id="flags.E002")
        for name, kind in option("CONTEXT").items()
        if kind not in KINDS
    ]


def _ofrep() -> list[CheckMessage]:
    if option("OFREP") not in ("public", "token", "off"):
        return [Error("FLAGS['OFREP'] must be public, token or off.", id="flags.E003")]
    if option("OFREP") == "token" and not option("OFREP_TOKEN_CHECK"):
        hint = "Name a callable that takes a token and tells whether it is right in FLAGS['OFREP_TOKEN_CHECK']."
        return [Error("OFREP wants a token, but nothing checks it.", hint=hint, id="flags.E004")]
    return []


def _state_dir() -> list[CheckMessage]:
    folder = option("STATE_DIR")
    if not folder:
        return []
    parent = next((each for each in (Path(folder), *Path(folder).parents) if each.exists()), None)
    if parent is not None and os.access(parent, os.W_OK):
        return []
    hint = "Make it writable, or leave FLAGS['STATE_DIR'] empty to keep no last-known-good file."
    return [checks.Warning(f"The state directory of flags cannot be written: {folder}", hint=hint, id="flags.W001")]


def _middleware() -> list[CheckMessage]:
    if MIDDLEWARE in settings.MIDDLEWARE:
        return []
    hint = f"Add {MIDDLEWARE!r} to MIDDLEWARE, behind the authentication."
    return [checks.Warning("Flags do not know who asks.", hint=hint, id="flags.W002")]
