"""The font of pictures: Liberation Mono, as wide and as high as the Courier New of the tables.

It lies beside the templates, so that no font of the machine changes a picture. What it does not hold comes from the
font that matplotlib brings.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.font_manager import FontProperties

from sdtm2adam.resources import shelf

SIZE = 9.0
_OURS, _THEIRS = "Liberation Mono", "DejaVu Sans Mono"


class _GridFont(FontProperties):
    """A font whose families are files: matplotlib asks for one family after the other until a glyph is found."""

    def set_family(self, family: Any) -> None:
        super().set_family(family)
        name = self.get_family()[0]
        self.set_file(_files().get(name, _files()[_OURS]))

    set_name = set_family

    def __copy__(self) -> _GridFont:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other


def grid_font(size: float = SIZE) -> FontProperties:
    """The font in a size in points."""
    return _GridFont(family=[_OURS, _THEIRS], size=size, fname=_files()[_OURS])


@cache
def _files() -> dict[str, str]:
    ours = shelf("templates") / "fonts" / "LiberationMono-Regular.ttf"
    theirs = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
    return {_OURS: str(ours), _THEIRS: str(theirs)}
