"""Where in a document is a value? Pure: reads and writes at paths such as `body.k3v9Qm2xT0aB.image`."""

from collections.abc import Callable, Mapping
from typing import Any

Change = Callable[[Any], Any]


class NoSuchPlace(LookupError):
    """A path leads nowhere: the block may have been removed."""


def get(data: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path: of a field, or a whole block. Raises NoSuchPlace."""
    key, _, rest = path.partition(".")
    value = data.get(key)
    if not rest:
        return value
    block_id, _, below = rest.partition(".")
    block = _block(value, block_id, path)
    return get(block["value"], below) if below else block


def change(data: Mapping[str, Any], path: str, by: Change) -> dict[str, Any]:
    """Return the data with the value at a path replaced by what `by` makes of it.

    A block for which `by` returns None is taken out of its list. Raises NoSuchPlace.
    """
    key, _, rest = path.partition(".")
    value = data.get(key)
    if not rest:
        return {**data, key: by(value)}
    block_id, _, below = rest.partition(".")
    block = _block(value, block_id, path)
    renewed = {**block, "value": change(block["value"], below, by)} if below else by(block)
    kept = [renewed if each is block else each for each in value or []]
    return {**data, key: [each for each in kept if each is not None]}


def _block(value: Any, block_id: str, path: str) -> Any:
    for block in value if isinstance(value, list) else []:
        if isinstance(block, Mapping) and block.get("id") == block_id and isinstance(block.get("value"), Mapping):
            return block
    raise NoSuchPlace(f"There is nothing at {path} any more.")
