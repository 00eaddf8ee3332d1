"""Reading CORE's JSON report: all of it, or not at all.

The sections are those of CORE 0.15 to 0.17: Conformance_Details, Dataset_Details, Issue_Summary, Issue_Details and
Rules_Report. Names are compared by their letters alone, for they have been written in several ways (`CORE-ID`,
`core_id`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from sdtm2adam.validate.core.answer_words import SKIPPED, CoreReport, Detail, RuleRun, Trouble

_MISSING = "null"
_NO_DATASET = ("", "N/A")

_Words = dict[str, Any]


class NotAReport(Exception):  # noqa: N818 - said in a sentence: what was written is not a report
    """What CORE has written cannot be read as its report; the text says why."""


def read_report(path: Path) -> CoreReport:
    """The report of a run, without the name of its folder, which is another in each run.

    Raises:
        NotAReport: it is no JSON, or not of the structure that is known.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8").replace(str(path.parent), "FOLDER"))
    except (ValueError, RecursionError) as error:
        raise NotAReport(f"its report is not JSON ({error})") from error
    sections = _words(written, "the report")
    head = _words(_of(sections, "Conformance_Details"), "Conformance_Details")
    statuses = [_rule(row) for row in _rows(sections, "Rules_Report")]
    skipped = {one.rule for one in statuses if one.status == SKIPPED}
    found = [_finding(row) for row in _rows(sections, "Issue_Details")]
    return CoreReport(
        engine=_text(head, "CORE_Engine_Version"),
        standard=_text(head, "Standard"),
        version=_text(head, "Version").removeprefix("V"),
        terminology=tuple(sorted(part for part in re.split(r"[,\s]+", _text(head, "CT_Version")) if part)),
        limit=_text(head, "Issue_Limit_Per_Rule"),
        datasets=tuple(_dataset(row) for row in _rows(sections, "Dataset_Details")),
        rules=tuple(statuses),
        details=tuple(one for one in found if isinstance(one, Detail)),
        troubles=tuple(one for one in found if isinstance(one, Trouble) and one.rule not in skipped),
        summed=_summed(_rows(sections, "Issue_Summary")),
    )


@lru_cache(maxsize=1024)
def dataset_name(name: str) -> str:
    """The name of a dataset as we know it, from that of a file; several stay several.

    >>> dataset_name("ae.xpt"), dataset_name("DM, ae.xpt"), dataset_name("N/A")
    ('AE', 'DM, AE', '')
    """
    if name in _NO_DATASET:
        return ""
    return ", ".join(PurePosixPath(part.replace("\\", "/")).stem.upper() for part in name.split(", "))


def _dataset(row: _Words) -> tuple[str, int | None]:
    return dataset_name(_text(row, "filename")), _whole(row.get("length"))


def _rule(row: _Words) -> RuleRun:
    ids = [_text(row, name).split(", ") for name in ("cdisc_rule_id", "fda_rule_id") if _text(row, name)]
    status = _text(_having(row, "status"), "status").upper().replace("_", " ")
    return RuleRun(_core_id(row), status, tuple(one for some in ids for one in some))


def _finding(row: _Words) -> Detail | Trouble:
    """A row of Issue_Details: a record that breaks a rule, or, where no variables are listed, why a rule failed."""
    variables, values = row.get("variables"), row.get("values")
    dataset, message = dataset_name(_text(row, "dataset")), _text(row, "message")
    if not isinstance(variables, list) or _text(row, "dataset") == "N/A":
        why = values if isinstance(values, str) and values else message
        return Trouble(_core_id(row), dataset, _one_line(message if message.endswith(why) else f"{message}: {why}"))
    if not isinstance(values, list) or (variables and len(values) != len(variables)):
        raise NotAReport(f"Issue_Details has {_core_id(row)} with variables and values that do not go together")
    pairs = sorted(zip(map(str, variables), map(_value, values), strict=bool(variables)))
    return Detail(
        rule=_core_id(row),
        message=_one_line(message),
        executability=_text(row, "executability"),
        dataset=dataset,
        subject=_text(row, "USUBJID"),
        sequence=_text(row, "SEQ").removesuffix(".0"),
        row=_whole(row.get("row")),
        variables=tuple(name for name, _ in pairs),
        values=tuple(value for _, value in pairs),
    )


def _summed(rows: list[_Words]) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        number = _whole(row.get("issues"))
        if number is None:
            raise NotAReport(f"Issue_Summary has no number of issues for {_core_id(row)}")
        counts[_core_id(row)] += number
    return tuple(sorted(counts.items()))


def _core_id(row: _Words) -> str:
    return _text(_having(row, "core_id"), "core_id")


def _having(row: _Words, name: str) -> _Words:
    if not row.get(_letters(name)):
        raise NotAReport(f"a line of its report has no {name}")
    return row


def _rows(sections: _Words, name: str) -> list[_Words]:
    rows = _of(sections, name)
    if not isinstance(rows, list):
        raise NotAReport(f"{name} of its report is no list")
    return [_words(row, name) for row in rows]


def _of(sections: _Words, name: str) -> Any:
    if _letters(name) not in sections:
        raise NotAReport(f"its report has no {name}")
    return sections[_letters(name)]


def _words(value: object, what: str) -> _Words:
    if not isinstance(value, dict):
        raise NotAReport(f"{what} is not made of names and values")
    return {_letters(name): one for name, one in value.items()}


def _text(row: _Words, name: str) -> str:
    value = row.get(_letters(name))
    return "" if value is None else str(value).strip()


def _value(value: object) -> str:
    """A value as text; CORE writes `null` where there is none."""
    return "" if value is None or value == _MISSING else str(value)


def _whole(value: object) -> int | None:
    """A whole number, however it is written; None where there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    match = re.fullmatch(r"(\d+)(\.0*)?", str(value).strip())
    return int(match[1]) if match else None


@lru_cache(maxsize=1024)
def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@lru_cache(maxsize=1024)
def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
