"""Suites written by hand: plausible ranges, and what no metadata say of datasets together.

The grammar is in validation/README.md: a file of `validation/suites/` holds a list `expect:`, each entry one
expectation with exactly one of `range`, `ranges`, `values`, `filled`, `not_after`, `same_as`, `found_in`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors, gathering, nearest
from sdtm2adam.resources import shelf
from sdtm2adam.spec.yaml import Map, Seq, load, where_of
from sdtm2adam.validate.expectation import Expectation, Suite
from sdtm2adam.validate.suite_words import FORMS, NAME, names_of, severity_of, text_of, where_of_records

_SAID = ("id", "dataset", "variable", "where", "severity", "text")


def read_suites(*folders: Path) -> tuple[Suite, ...]:
    """The suites in these folders, sorted by file name; by default the bundled ones.

    Args:
        folders: each with files `*.yaml`; a folder that is not there has none. A file of a later folder stands in
            for one of the same name in an earlier one, as a study's own shelf does for the bundled shelf.

    Raises:
        SpecErrors: all faults of all files.
    """
    files: dict[str, Path] = {}
    for folder in folders or (shelf("validation") / "suites",):
        files |= {path.name: path for path in sorted(folder.glob("*.yaml"))}
    suites: list[Suite] = []
    errors: list[Sdtm2adamError] = []
    known: dict[str, str] = {}
    for name, path in sorted(files.items()):
        with gathering(errors):
            suite = Suite(path.stem, tuple(_expectations(load(path), name)))
            _refuse_same_id(suite, known)
            suites.append(suite)
    if errors:
        raise SpecErrors(errors)
    return tuple(suites)


def _refuse_same_id(suite: Suite, known: dict[str, str]) -> None:
    for expectation in suite:
        if expectation.id in known:
            raise SpecError(
                f"the id {expectation.id} stands twice",
                where=expectation.source,
                mend=f"give it another name; the first is at {known[expectation.id]}",
            )
        known[expectation.id] = expectation.source


def _expectations(tree: Any, name: str) -> Iterator[Expectation]:
    """All expectations of one file; its faults are told together."""
    if not isinstance(tree, Map) or set(tree) != {"expect"} or not isinstance(tree["expect"], Seq):
        raise SpecError("holds something else than a list `expect:`", where=name, mend="see validation/README.md")
    errors: list[SpecError] = []
    for i, entry in enumerate(tree["expect"]):
        where = where_of(tree, ("expect", i), name)
        try:
            if not isinstance(entry, Map):
                raise SpecError("an expectation is a mapping", where=where, mend="write id:, dataset:, ... under it")
            yield _expectation(entry, where)
        except SpecError as error:
            errors.append(error)
    if errors:
        raise SpecErrors(errors)


def _expectation(entry: Map, where: str) -> Expectation:
    """One entry as an expectation."""
    for key in entry:
        if key not in (*_SAID, *FORMS, "by"):
            hint = nearest(key, (*_SAID, *FORMS, "by"), most=1)
            raise SpecError(f"unknown word {key}", where=entry.key_where[key], mend=hint)
    forms = [key for key in entry if key in FORMS]
    if len(forms) != 1 or ("by" in entry) != (forms == ["ranges"]):
        said = " and ".join(forms) or "none"
        mend = f"say exactly one of {', '.join(FORMS)}; `by` goes with `ranges` alone"
        raise SpecError(f"says {said} of what is expected", where=where, mend=mend)
    kind, arguments = FORMS[forms[0]](entry)
    variables = (*names_of(entry, "variable"), *arguments.pop("more", ()))
    arguments |= {"by_hand": True, "where": where_of_records(entry)}
    if not arguments["where"]:
        del arguments["where"]
    return Expectation(
        str(text_of(entry, "id", r"[A-Z][A-Z0-9-]*")),
        str(text_of(entry, "dataset", NAME)),
        kind,
        variables,
        str(text_of(entry, "text")),
        severity_of(entry),
        tuple(sorted(arguments.items())),
        source=where,
    )
