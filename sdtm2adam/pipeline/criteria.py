"""criteria: the sets of disease response as tables, each threshold with its unit, status and source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from sdtm2adam.spec.criteria import CriteriaSet
from sdtm2adam.spec.criteria_sets import bundled_criteria, bundled_names, find_criteria
from sdtm2adam.spec.criteria_words import status_words, table_of
from sdtm2adam.spec.library import read_specs
from sdtm2adam.spec.yaml import Text

_HEADS = ("", "name", "rule", "unit", "status", "source")
_WIDTH = 100


def criteria_lines(name: str | None, study: Path | None = None) -> list[str]:
    """All sets in one line each, or one set as a table.

    Args:
        name: of the set; None lists all.
        study: a study folder whose own sets are there too.

    Raises:
        SpecError: there is no set of that name; with the nearest.
    """
    own = read_specs(study).criteria if study is not None else {}
    if name is not None:
        return list(_table(find_criteria(Text(name, "criteria"), own)))
    sets = [*own.values(), *(bundled_criteria(one) for one in bundled_names())]
    width = max(len(one.criteria) for one in sets)
    return [f"{one.criteria:<{width}}  {one.title} ({_verified(one)})" for one in sets]


def _verified(criteria: CriteriaSet) -> str:
    count = len(criteria.unverified)
    return "verified" if not count else f"{count} not verified"


def _table(criteria: CriteriaSet) -> Iterator[str]:
    yield f"{criteria.criteria}: {criteria.title}"
    if criteria.note is not None:
        yield from wrap(" ".join(criteria.note.split()), _WIDTH)
    yield f"Status: {status_words()}."
    yield ""
    rows = [_HEADS, *((x.kind, x.name, x.rule, x.unit, x.status, x.source) for x in table_of(criteria))]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADS))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    if criteria.sources:
        yield ""
        yield from (f"{key}: {source}" for key, source in criteria.sources.items())
