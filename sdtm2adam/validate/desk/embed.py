"""Data inside a page: JSON that no text can break out of."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

_DANGEROUS = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def embedded(data: Any) -> Markup:
    """Data as JSON to stand in a script element.

    No `<`, `>` or `&` is in it, so no text can end the element or begin another.

    >>> embedded(["</script>"])
    Markup('["\\\\u003c/script\\\\u003e"]')
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_DANGEROUS))
