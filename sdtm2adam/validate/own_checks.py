"""The checks that a study wrote itself: none is left unread, and one that was put to no data is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors, nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.resources import shelf
from sdtm2adam.validate.attributes import RULES as ATTRIBUTE_RULES
from sdtm2adam.validate.kinds import KINDS
from sdtm2adam.validate.sql.check import Check
from sdtm2adam.validate.sql.grammar import DATASET, META
from sdtm2adam.validate.sql.run import NOT_APPLICABLE, Findings
from sdtm2adam.validate.suites import read_suites

NOT_PUT = "check-not-applicable"
"""The rule of an issue that tells of a study's own check that was put to no data."""
_MEND = "Correct the name, or take the check out; a text stands between single quotes, a name between double ones."
_READ = ("rules/*/rule.yaml", "edit_checks/*.yaml", "suites/*.yaml")


def refuse_unread(study: Path) -> None:
    """Refuses what looks like a check in `validation/` of a study folder and would not be read.

    Raises:
        SpecErrors: a YAML file with another ending or in another place; a folder of `rules` without rule.yaml.
    """
    shelf = study / "validation"
    read = {path for pattern in _READ for path in shelf.glob(pattern)}
    mend = f"checks are read from {', '.join(f'validation/{one}' for one in _READ)}: move it, rename it, or take it out"
    errors: list[Sdtm2adamError] = [
        SpecError("nobody reads this file", where=path.relative_to(study).as_posix(), mend=mend)
        for path in sorted(shelf.rglob("*"))
        if path.is_file() and path.suffix.lower() in (".yaml", ".yml") and path not in read and path.name[0] != "."
    ]
    errors += [
        SpecError(
            "has no rule.yaml", where=path.relative_to(study).as_posix(), mend="put it there, or take the folder out"
        )
        for path in sorted((shelf / "rules").glob("*"))
        if path.is_dir() and not (path / "rule.yaml").is_file() and any(path.glob("*es/*.csv"))
    ]
    if errors:
        raise SpecErrors(errors)


def own_ids(checks: Collection[Check], shelf: Path) -> frozenset[str]:
    """The ids of the checks that come from files in this folder of a study."""
    files = {path.relative_to(shelf).as_posix() for path in (*shelf.glob("*.yaml"), *shelf.glob("*/rule.yaml"))}
    return frozenset(check.id for check in checks if check.source.rpartition(":")[0] in files or check.source in files)


def refuse_unknown_like(checks: Collection[Check], own: Collection[str], study: Path) -> None:
    """Refuses what a study's own check says under `like` that is no check, no expectation and no kind of them.

    Raises:
        SpecErrors: all such words.
    """
    named = {*KINDS, *ATTRIBUTE_RULES, *(check.id for check in checks)}
    unknown = [(check, word) for check in checks if check.id in own for word in check.like if word not in named]
    if not unknown:
        return
    suites = read_suites(shelf("validation") / "suites", study / "validation" / "suites")
    named |= {one.id for suite in suites for one in suite.expectations}
    errors: list[Sdtm2adamError] = [
        SpecError(f"{check.id}: like: {word} is no check", where=check.source, mend=nearest(word, named))
        for check, word in unknown
        if word not in named
    ]
    if errors:
        raise SpecErrors(errors)


def not_put(found: Findings, own: Collection[str], *, part: bool) -> Iterator[Issue]:
    """An issue for each check of the study's own that was put to no data: a mistyped name looks just so."""
    for one in found.ran:
        if one.state != NOT_APPLICABLE or one.check.id not in own or (part and one.check.whole):
            continue
        base = one.check.query.base
        dataset = "STUDY" if base.schema == META or base.name == DATASET or "--" in base.name else base.shown
        text = f"{one.check.id} was put to no data, so it has not passed: {one.why}. {_MEND}"
        yield Issue(dataset, NOT_PUT, Severity.WARNING, text, value=one.check.id, records=0, source=one.check.source)
