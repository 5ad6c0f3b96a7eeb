"""Reading the context: `var`, `missing`, `missing_some`. Pure."""

from typing import Any

from reliability.flags.evaluator.rule import COMPILERS, Node, Run, Scope, compile_rule, constant
from reliability.flags.values import at_path, number, text

FLAGD = "$flagd"


def compile_var(args: list[Any], scope: Scope) -> Node:
    """Compile `{"var": ["a.b", default]}`; process constants are put in, everything else is noted as read."""
    key = compile_rule(args[0], scope) if args else constant(None)
    default = compile_rule(args[1], scope) if len(args) > 1 else constant(None)
    if not key.is_constant or not default.is_constant:
        scope.reads.add("")
        return Node(lambda data: _look_up(data, key.run(data), default.run(data), scope))
    return _known(key.value, default.value, scope)


def _known(key: Any, default: Any, scope: Scope) -> Node:
    path = () if key is None or key == "" else tuple(text(key).split("."))
    if not scope.is_root:
        return Node(_getter(path, default))
    if not path or path == (FLAGD,):
        scope.reads.add("")
        return Node(lambda data: _look_up(data, key, default, scope))
    if path[0] in scope.constants:
        return constant(at_path(dict(scope.constants), path, default))
    if path[0] == FLAGD:
        return _of_flag(path[1:], default, scope)
    scope.reads.add(path[0])
    return Node(_getter(path, default))


def _of_flag(path: tuple[str, ...], default: Any, scope: Scope) -> Node:
    if path == ("flagKey",):
        return constant(scope.flag_key)
    if path == ("timestamp",):
        scope.reads.add(f"{FLAGD}.timestamp")
        clock = scope.clock
        return Node(lambda data: int(clock()))
    return constant(default)


def _getter(path: tuple[str, ...], default: Any) -> Run:
    if len(path) != 1:
        return lambda data: at_path(data, path, default)
    name = path[0]

    def run(data: Any) -> Any:
        if isinstance(data, dict):
            value = data.get(name)
            return default if value is None else value
        return at_path(data, path, default)

    return run


def _look_up(data: Any, key: Any, default: Any, scope: Scope) -> Any:
    """Look up a key that is itself computed, in everything there is."""
    if scope.is_root:
        injected = {"flagKey": scope.flag_key, "timestamp": int(scope.clock())}
        data = {**(data.complete() if hasattr(data, "complete") else data or {}), **scope.constants, FLAGD: injected}
    return data if key is None or key == "" else at_path(data, text(key).split("."), default)


def compile_missing(args: list[Any], scope: Scope) -> Node:
    """Compile `missing`: which of the named attributes there are not."""
    parts = [compile_rule(arg, scope) for arg in args]
    scope.reads.add("")

    def run(data: Any) -> list[Any]:
        given = [part.run(data) for part in parts]
        return _missing(data, given[0] if given and isinstance(given[0], list) else given, scope)

    return Node(run)


def compile_missing_some(args: list[Any], scope: Scope) -> Node:
    """Compile `missing_some`: none if enough of the named attributes are there, else those that are not."""
    needed = compile_rule(args[0] if args else 0, scope)
    names = compile_rule(args[1] if len(args) > 1 else None, scope)
    scope.reads.add("")

    def run(data: Any) -> list[Any]:
        wanted = names.run(data)
        if not isinstance(wanted, list):
            return []
        missing = _missing(data, wanted, scope)
        return [] if len(wanted) - len(missing) >= number(needed.run(data)) else missing

    return Node(run)


def _missing(data: Any, names: list[Any], scope: Scope) -> list[Any]:
    return [name for name in names if _look_up(data, name, None, scope) in (None, "")]


COMPILERS |= {"var": compile_var, "missing": compile_missing, "missing_some": compile_missing_some}
