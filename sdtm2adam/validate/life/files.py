"""The findings of a cut as files, to be read back when the next cut is compared with it.

`findings.json` says its version, the study, the cut, how many findings there were in this and in all cuts before it,
and all findings; `findings.parquet` has the same findings as a table. Same findings, same bytes: no clock is in them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from sdtm2adam.errors import UsageError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.model.finding import Finding
from sdtm2adam.validate.life.counts import SEVERITIES, count_states
from sdtm2adam.validate.life.findings import in_order

VERSION = 1
FILE = "findings.json"

_FOLDERS = (".", "issues", "output/issues")
_RUN_AGAIN = "check the previous cut again with this version, and name its folder"

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "rule", "severity", "dataset", "variable", "key", "value", "text")),
        *((name, pa.string()) for name in ("query", "subject", "site", "source")),
        ("raw", pa.list_(pa.string())),
        *((name, pa.string()) for name in ("state", "before", "accepted_by", "accepted_on", "accepted_why")),
    ]
)
"""The columns of findings.parquet."""

_FIELDS = tuple(field.name for field in fields(Finding))


@dataclass(frozen=True, slots=True)
class CutCount:
    """How many findings a cut had: by severity, then by state."""

    cut: str
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Cut:
    """The findings of one cut of a study. `cut` is its date or name; `history` has the cuts before it, oldest first."""

    findings: tuple[Finding, ...] = ()
    study: str = ""
    cut: str = ""
    history: tuple[CutCount, ...] = ()

    @property
    def trend(self) -> tuple[CutCount, ...]:
        """How many findings there were in each cut up to this one."""
        return (*self.history, CutCount(self.cut, count_states(self.findings)))


def write_findings(cut: Cut, folder: Path) -> tuple[Path, Path]:
    """Writes `findings.json` and `findings.parquet` into a folder, each whole or not at all.

    Args:
        cut: its findings in any order; for a trend over cuts, `history` is the `trend` of the cut before.
        folder: made if it is not there.

    Returns:
        The two files.
    """
    rows = [row_of(one) for one in in_order(cut.findings)]
    head = {
        "version": VERSION,
        "study": cut.study,
        "cut": cut.cut,
        "trend": [{"cut": one.cut, "counts": one.counts} for one in cut.trend],
    }
    as_json, as_parquet = folder / FILE, folder / "findings.parquet"
    write_text(as_json, json.dumps({**head, "findings": rows}, indent=1, ensure_ascii=True) + "\n")
    write_parquet(pa.Table.from_pylist([_flat(row) for row in rows], schema=SCHEMA), as_parquet)
    return as_json, as_parquet


def row_of(one: Finding) -> dict[str, Any]:
    """A finding as JSON says it."""
    row: dict[str, Any] = {name: getattr(one, name) for name in _FIELDS}
    accepted = asdict(one.accepted) if one.accepted is not None else None
    return {
        **row, "severity": one.severity.value, "raw": list(one.raw), "state": one.state.value, "accepted": accepted
    }  # fmt: skip


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    accepted = row["accepted"] or {"who": None, "when": None, "why": None}
    flat = {**row, **{f"accepted_{word}": accepted[of] for word, of in (("by", "who"), ("on", "when"), ("why", "why"))}}
    return {name: _plain(flat[name]) for name in SCHEMA.names}


def _plain(value: Any) -> Any:
    """Text that UTF-8 holds: a broken half of a surrogate pair, which no file of texts does, as its code."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


_FINDINGS, _TEXT = TypeAdapter(tuple[Finding, ...]), TypeAdapter(str)
_TREND = TypeAdapter(tuple[CutCount, ...])


def read_findings(folder: Path) -> Cut:
    """The findings of a previous cut.

    Args:
        folder: its output folder, the folder `issues` in it, or the study folder with an output folder.

    Raises:
        UsageError: there are none, they cannot be read, or are of another version.
    """
    file = _found(folder)
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
        version = tree["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "cannot be read as the findings of a cut"
        raise UsageError(f"{what} ({error})", where=str(file), mend=_RUN_AGAIN) from error
    if version != VERSION:
        what = f"has findings of version {version!r}; this version of sdtm2adam reads version {VERSION}"
        raise UsageError(what, where=str(file), mend=_RUN_AGAIN)
    try:
        found = Cut(
            _FINDINGS.validate_python(tree["findings"]),
            _TEXT.validate_python(tree["study"]),
            _TEXT.validate_python(tree["cut"]),
            _TREND.validate_python(tree["trend"]),
        )
        _refuse_what_cannot_be(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"{one}." for one in first["loc"])[:-1]
        what = f"is damaged: {place + ': ' if place else ''}{first['msg'].lower()}"
        raise UsageError(what, where=str(file), mend=_RUN_AGAIN) from error
    except (KeyError, TypeError, ValueError) as error:
        what = f"is damaged: {type(error).__name__} {error}"
        raise UsageError(what, where=str(file), mend=_RUN_AGAIN) from error
    return replace(found, history=found.history[:-1])


def _refuse_what_cannot_be(cut: Cut) -> None:
    """Refuses what no version of this program has written.

    Raises:
        ValueError: two findings have one id, or a cut does not count each severity.
    """
    ids = Counter(one.id for one in cut.findings)
    if twice := next((one for one, number in ids.items() if number > 1), ""):
        raise ValueError(f"finding {twice} stands twice")
    if any(set(one.counts) != {severity.value for severity in SEVERITIES} for one in cut.history):
        raise ValueError("trend does not count each severity")


def refuse_another_study(cut: Cut, folder: Path, study: str) -> None:
    """Refuses the findings of another study, which no finding of this one could be compared with.

    Raises:
        UsageError: the cut, read from `folder`, names another study; of several studies in a pool, no common one.
    """
    if cut.study and study and not set(cut.study.split(", ")) & set(study.split(", ")):
        what = f"has the findings of study {cut.study}, and this is {study}"
        raise UsageError(what, where=str(_found(folder)), mend="name the folder of an earlier cut of the same study")


def refuse_to_overwrite(folder: Path, out: Path | None) -> None:
    """Refuses to write this cut over the one it is compared with: a second run would compare it with itself.

    Raises:
        UsageError: the findings of `folder` lie in `out`.
    """
    found = _found(folder)
    if out is not None and found.parent.resolve() == out.resolve():
        mend = "write each cut to a folder of its own: --out FOLDER"
        raise UsageError("the reports of the cut before would be overwritten", where=str(found), mend=mend)


def _found(folder: Path) -> Path:
    """The file of findings of a folder."""
    if folder.is_file() and folder.name == FILE:
        return folder
    if not folder.is_dir():
        what = "is no folder"
        raise UsageError(what, where=str(folder), mend="name the output folder of the previous cut")
    for place in _FOLDERS:
        if (folder / place / FILE).is_file():
            return folder / place / FILE
    older = next((folder / place for place in _FOLDERS if (folder / place / "issues.json").is_file()), None)
    if older is not None:
        what = f"has issues.json and no {FILE}: it was written by a version that did not keep findings"
        raise UsageError(what, where=str(older), mend=_RUN_AGAIN)
    what = f"has no {FILE}, nor has a folder issues or output/issues in it"
    raise UsageError(what, where=str(folder), mend="name the output folder of a cut that was checked")
