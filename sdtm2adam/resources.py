"""Where the bundled shelves lie: specs/, templates/, validation/.

In a checkout they stand beside the package; in a wheel they lie in it, under `bundled/`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "bundled"


def shelf(name: str) -> Path:
    """The folder of one bundled shelf: `specs`, `templates` or `validation`."""
    root = _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent
    return root / name
