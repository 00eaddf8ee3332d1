"""`extends` in the spec of a dataset: another spec of the same stage, with what this one says in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.yaml import Map, Text, load

_BY_NAME = ("include", "inputs", "maps", "tables", "lookups", "sources", "variables", "supp")
"""Keys whose entries have names: an entry takes the place of the one of its name, others are added."""
_OWN = ("dataset", "label", "extends")
"""Keys that are never taken over: two datasets have two names and two labels."""


def extended(tree: Map, path: Path, shown: str) -> Map:
    """A spec with what it takes over from the one it extends, each key and text at the place where it was written.

    Args:
        tree: as it was read.
        path: its file.
        shown: how messages call the file.

    Raises:
        SpecError: there is no such spec beside it, or that extends another one.
    """
    said = tree.get("extends")
    if said is None:
        return tree
    others = sorted(other.stem for other in path.parent.glob("*.yaml") if other != path)
    if not isinstance(said, Text):
        where = tree.key_where["extends"]
        raise SpecError("extends takes the name of one spec", where=where, mend="write extends: NAME")
    if str(said) not in others:
        what = f"extends {str(said)!r}, and {path.parent.name}/ has no such spec"
        raise SpecError(what, where=said.where, mend=nearest(said, others))
    base = load(path.with_stem(str(said)), str(Path(shown).with_stem(str(said)).as_posix()))
    if not isinstance(base, Map) or "extends" in base:
        mend = "extend that one: a spec takes over from one other, which is whole"
        raise SpecError(f"extends {str(said)!r}, which extends another one", where=said.where, mend=mend)
    return _merged(base, tree)


def _merged(base: Map, own: Map) -> Map:
    made = Map(own.where)
    for key in dict.fromkeys([*own, *base]):
        if key in own and key in base and key in _BY_NAME:
            _put(made, key, _by_name(base[key], own[key]), own)
        elif key in own:
            _put(made, key, own[key], own)
        elif key not in _OWN:
            _put(made, key, base[key], base)
    return made


def _by_name(base: Any, own: Any) -> Any:
    """The entries of both, in the order of the base; own ones of the same name in their place."""
    if not isinstance(base, Map) or not isinstance(own, Map):
        return own
    made = Map(own.where)
    for name in dict.fromkeys([*base, *own]):
        source = own if name in own else base
        _put(made, name, source[name], source)
    return made


def _put(made: Map, key: str, value: Any, source: Map) -> None:
    made[key], made.key_where[key] = value, source.key_where[key]
