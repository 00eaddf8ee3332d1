"""accepted.yaml: the findings that a study leaves as they are, with who said so, when and why.

    accepted:
      - id: 1cb5a6eb5f10f2bd                     # one finding, by its id
        who: J. Doe, data management
        when: 2014-10-10
        why: the site has confirmed that no criterion applies (query 311)
      - rule: CM-AFTER-DEATH                     # or those of a rule in a dataset
        dataset: CM
        variable: CMSTDTC                        # left out where the findings have none
        subject: STUDY-1001-0001                 # only of this subject
        key: raw.CM RECORDID=4420504             # only of this record, by a raw record or by the key of the finding
        value: 2013-02-23                        # only while the record has this value
        who: J. Doe, data management
        when: 2014-10-10
        why: drug of the emergency, dated from the letter of the hospital

`id`, or `rule` and `dataset`, must be there, and `who`, `when` (ISO 8601) and `why` always. The id is the better name:
keys with a sequence number may name another record in the next cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.model.finding import Acceptance
from sdtm2adam.spec.yaml import Map, Seq, Text, load, where_of

FILE = "accepted.yaml"

_BY_RULE = ("rule", "dataset", "variable", "subject", "key")
_ALWAYS = ("who", "when", "why")
_WORDS = ("id", *_BY_RULE, "value", *_ALWAYS)
_ID = re.compile(r"[0-9a-f]{16}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it accepts, and who says so. `value` is None where any value is accepted."""

    where: str
    acceptance: Acceptance
    id: str = ""
    rule: str = ""
    dataset: str = ""
    variable: str = ""
    subject: str = ""
    key: str = ""
    value: str | None = None

    @property
    def told(self) -> str:
        """What it accepts, in words."""
        if self.id:
            return f"finding {self.id}"
        name = f"{self.dataset}.{self.variable}" if self.variable else self.dataset
        more = [f"subject {self.subject}"] * bool(self.subject) + [self.key] * bool(self.key)
        return ", ".join([f"{self.rule} in {name}", *more])


def read_entries(path: Path) -> tuple[Entry, ...]:
    """The entries of a study's file of accepted findings, in their order; none where there is no such file.

    Args:
        path: the file, or the folder of the study with `accepted.yaml` in it.

    Raises:
        SpecError: the file holds no such list.
        SpecErrors: all faults of its entries, each with its line.
    """
    file = path / FILE if path.is_dir() else path
    _refuse_unread(file)
    if not file.exists() and not file.is_symlink():
        return ()
    tree = load(file)
    if tree is None:
        return ()
    if not isinstance(tree, Map) or set(tree) != {"accepted"} or not isinstance(tree["accepted"], Seq | None):
        raise SpecError(
            "holds something else than a list `accepted:`", where=file.name, mend="write accepted: - id: ..."
        )
    errors: list[SpecError] = []
    entries: list[Entry] = []
    for place, one in enumerate(tree["accepted"] or ()):
        entry = _entry(one, where_of(tree, ("accepted", place), file.name), errors)
        if entry is not None:
            entries.append(entry)
    _refuse_twice(entries, errors)
    if errors:
        raise SpecErrors(errors)
    return tuple(entries)


def _refuse_unread(file: Path) -> None:
    """Refuses a file beside it that looks like the file of accepted findings and would not be read."""
    for other in sorted(file.parent.glob("[Aa][Cc][Cc][Ee][Pp][Tt][Ee][Dd].[Yy]*")):
        if other.name != FILE and file.name == FILE and other.suffix.lower() in (".yaml", ".yml"):
            raise SpecError("nobody reads this file", where=other.name, mend=f"call it {FILE}, or take it out")


def _entry(tree: object, where: str, errors: list[SpecError]) -> Entry | None:
    if not isinstance(tree, Map):
        errors.append(
            SpecError("is no mapping", where=where, mend=f"write {', '.join(('id', *_ALWAYS))} under the dash")
        )
        return None
    faults = [*_faults_of_words(tree, where), *_faults_of_names(tree, where), *_faults_of_day(tree)]
    if faults:
        errors += faults
        return None
    said = {word: str(tree[word]) for word in _WORDS if word in tree}
    who, when, why = (said.pop(word).strip() for word in _ALWAYS)
    return Entry(where, Acceptance(who, when, why), **said)


def _faults_of_words(tree: Map, where: str) -> list[SpecError]:
    """Words that are unknown or missing, and values that are no text."""
    faults = [
        SpecError(f"unknown word {word}", where=tree.key_where[word], mend=nearest(word, _WORDS))
        for word in tree
        if word not in _WORDS
    ]
    for word in (one for one in _WORDS if one in tree):
        if not isinstance(tree[word], Text) or (word != "value" and not tree[word].strip()):
            mend = (
                'write "" for an empty value, or leave the line out' if word == "value" else f"write {word}: and a text"
            )
            faults.append(SpecError(f"{word} has no text", where=tree.key_where[word], mend=mend))
    missing = [word for word in _ALWAYS if word not in tree]
    if missing:
        mend = "an accepted finding says who accepted it, when (as 2014-10-10) and why"
        faults.append(SpecError(f"does not say {' or '.join(missing)}", where=where, mend=mend))
    return faults


def _faults_of_names(tree: Map, where: str) -> list[SpecError]:
    """Whether it names a finding by id, or findings by rule and dataset."""
    by_rule = [word for word in _BY_RULE if word in tree]
    if "id" in tree:
        found = tree["id"]
        if by_rule:
            what, mend = f"names a finding by id and by {by_rule[0]}", "leave out one of them; the id names it alone"
            return [SpecError(what, where=tree.key_where[by_rule[0]], mend=mend)]
        if isinstance(found, Text) and not _ID.fullmatch(found):
            mend = "an id has 16 digits 0-9 and a-f, as issues.xlsx shows it"
            return [SpecError(f"{str(found)!r} is no id of a finding", where=tree.key_where["id"], mend=mend)]
        return []
    missing = [word for word in ("rule", "dataset") if word not in tree]
    if missing:
        mend = "say id, or rule and dataset (and variable, subject, key as far as it is to be narrow)"
        return [SpecError(f"names no finding: it has no {' and no '.join(missing)}", where=where, mend=mend)]
    return []


def _faults_of_day(tree: Map) -> list[SpecError]:
    said = tree.get("when")
    if not isinstance(said, Text) or not said.strip():
        return []
    try:
        if not _DAY.fullmatch(said):
            raise ValueError
        date.fromisoformat(said)
    except ValueError:
        return [
            SpecError(f"{str(said)!r} is no ISO 8601 date", where=tree.key_where["when"], mend="write it as 2014-10-10")
        ]
    return []


def _refuse_twice(entries: list[Entry], errors: list[SpecError]) -> None:
    first: dict[tuple[str | None, ...], Entry] = {}
    for entry in entries:
        what = (entry.id, entry.rule, entry.dataset, entry.variable, entry.subject, entry.key, entry.value)
        if what in first:
            mend = f"keep one; the first is at {first[what].where}"
            errors.append(SpecError(f"accepts {entry.told} a second time", where=entry.where, mend=mend))
        first.setdefault(what, entry)
