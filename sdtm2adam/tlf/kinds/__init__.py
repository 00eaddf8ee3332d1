"""The kinds of outputs: every module of this folder is one kind and holds it as `KIND`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sdtm2adam.tlf.kind import OutputKind


def _found() -> dict[str, OutputKind]:
    names = sorted(module.name for module in iter_modules(__path__))
    kinds: list[OutputKind] = [import_module(f"{__name__}.{name}").KIND for name in names]
    return {kind.name: kind for kind in kinds}


KINDS: dict[str, OutputKind] = _found()
"""The kinds by name, in the order of the alphabet."""
