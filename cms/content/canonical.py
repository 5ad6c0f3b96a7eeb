"""How is JSON written so that equal data are equal bytes? No spaces, keys as given, UTF-8 as it is."""

import json
from typing import Any


def canonical(data: Any) -> str:
    """Write data as compact JSON text; the order of keys is kept, since the order of fields means something."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
