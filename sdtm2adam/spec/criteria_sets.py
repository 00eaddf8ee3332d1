"""Where criteria sets lie: bundled ones in `specs/criteria`, a study's own in its folder `criteria/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.resources import shelf
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.criteria import CriteriaSet
from sdtm2adam.spec.criteria_check import check_criteria
from sdtm2adam.spec.yaml import Text, load


def as_criteria(tree: Any, name: str, shown: str) -> CriteriaSet:
    """The criteria set of a file that was read as YAML.

    Args:
        tree: of the file.
        name: of the file, without its ending: the set must have the same.
        shown: how messages call the file.

    Raises:
        SpecErrors: all that is wrong with it, each with file and line.
    """
    criteria = read(CriteriaSet, tree, name, shown)
    errors = check_criteria(criteria)
    if criteria.criteria != name:
        said = f"the file is called {name}.yaml, the set {criteria.criteria}"
        errors.append(SpecError(said, where=criteria.criteria.where, mend="give both one name"))
    if errors:
        raise SpecErrors(errors)
    return criteria


def read_criteria(path: Path) -> CriteriaSet:
    """A criteria set of a file.

    Raises:
        SpecErrors: all that is wrong with it, each with file and line.
    """
    return as_criteria(load(path), path.stem, path.name)


@cache
def bundled_names() -> tuple[str, ...]:
    """The names of the bundled sets."""
    return tuple(sorted(path.stem for path in (shelf("specs") / "criteria").glob("*.yaml")))


@cache
def bundled_criteria(name: str) -> CriteriaSet:
    """A bundled set, by its name.

    Raises:
        SpecError: there is none of that name; with the nearest.
    """
    if name not in bundled_names():
        raise SpecError(f"no criteria set {name!r}", where="criteria", mend=nearest(name, bundled_names()))
    return read_criteria(shelf("specs") / "criteria" / f"{name}.yaml")


def find_criteria(name: Text, own: Mapping[str, CriteriaSet]) -> CriteriaSet:
    """The set that a spec means: the study's own, else a bundled one.

    Raises:
        SpecError: there is none of that name; with the nearest.
    """
    if name in own:
        return own[str(name)]
    known = [*own, *bundled_names()]
    if name not in known:
        raise SpecError(f"no criteria set {str(name)!r}", where=name.where, mend=nearest(str(name), known))
    return bundled_criteria(str(name))
