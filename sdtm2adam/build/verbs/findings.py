"""Verbs of findings: decode and standardize. Each is the verb of the same name in a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sdtm2adam.build.verbs.frames import Frame
from sdtm2adam.build.verbs.making import Given, Made, Said, only, with_columns
from sdtm2adam.build.verbs.said import arguments, model_of, tree_of
from sdtm2adam.compute.units import UnitTable
from sdtm2adam.errors import SpecError
from sdtm2adam.model import Issue
from sdtm2adam.spec.library import Rows
from sdtm2adam.spec.producer import Standardize, as_producer

Issues = list[Issue] | None


def decode(frames: Given, name: str, decode: str, *, maps: Said | None = None, issues: Issues = None) -> Made:
    """The partner of a code: by the map that has the name of the column, else by controlled terminology.

    Args:
        frames: a frame, or frames by name; the first gets the column. A frame without a name is of the domain that
            the first two letters of `name` say.
        name: of the new column, as LBTEST.
        decode: the column with the code, as LBTESTCD.
        maps: local pairs, by the name of the new column.
        issues: a list that gets what is odd in the data; without it a code without a partner stops.

    Returns:
        The frame with the column; lineage: each row itself.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: a code has no partner.

    Source:
        docs/spec-grammar.md, Producers; the bundled excerpt of CDISC SDTM terminology.

    >>> import pandas as pd
    >>> lb = pd.DataFrame({"USUBJID": ["1", "1"], "LBTESTCD": ["HGB", "PLAT"]})
    >>> decode(lb, "LBTEST", "LBTESTCD")[0]["LBTEST"].tolist()
    ['Hemoglobin', 'Platelets']
    """
    producer = as_producer({"decode": tree_of(decode, "decode")})
    return with_columns(frames, {name: producer}, maps=maps, issues=issues, alone=name[:2].upper())


def standardize(frames: Given, name: str | Sequence[str], *, units: Frame | Sequence[Mapping[str, str | None]],
                codelist: str | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """Results in standard units: --STRESC, --STRESN, --STRESU from --TESTCD, --ORRES and --ORRESU.

    Numbers are multiplied by FACTOR, OFFSET is added, and they are rounded half away from zero to DIGITS in decimal
    arithmetic.

    Args:
        frames: a frame, or frames by name; the first gets the columns. A frame without a name is of the domain that
            the first two letters of `name` say.
        name: one or several of --STRESC, --STRESN, --STRESU.
        units: rows of the table of units: TESTCD, FROM, TO, FACTOR, OFFSET, DIGITS, all texts.
        codelist: of text results, instead of that of --STRESC.
        issues: a list that gets what is odd in the data; without it a unit that the table lacks stops.

    Returns:
        The frame with the columns; lineage: each row itself.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: a unit that the table lacks, a result whose number is unclear.

    Source:
        docs/spec-grammar.md, unpivot: results in standard units.

    >>> import pandas as pd
    >>> lb = pd.DataFrame({"LBTESTCD": ["HGB"], "LBORRES": ["12.3"], "LBORRESU": ["g/dL"]})
    >>> units = [{"TESTCD": "HGB", "FROM": "g/dL", "TO": "g/L", "FACTOR": "10", "DIGITS": "0"}]
    >>> lb, lineage = standardize(lb, ["LBSTRESN", "LBSTRESU"], units=units)
    >>> lb[["LBSTRESN", "LBSTRESU"]].values.tolist()
    [[123.0, 'g/L']]
    """
    body = model_of(Standardize, arguments({"codelist": codelist}), "standardize")
    names = only(as_producer({"standardize": body}), name)
    if not names:
        raise SpecError("names no column", where="name", mend="one or several of --STRESC, --STRESN, --STRESU")
    rows = _units(units)
    return with_columns(
        frames, names, issues=issues, alone=next(iter(names))[:2].upper(), stage="sdtm", study={"units": "UNITS"},
        tables={"UNITS": rows},
    )  # fmt: skip


def _units(said: Any) -> Rows:
    """The table of units of a frame, or of the list of mappings that was given.

    Raises:
        SpecError: it is no table of units.
    """
    listed = said.to_pylist() if hasattr(said, "to_pylist") else said
    rows = tuple(_unit(row) for row in (listed.to_dict("records") if hasattr(listed, "to_dict") else listed))
    try:
        UnitTable.of(rows)
    except ValueError as error:
        raise SpecError(f"is no table of units: {error}", where="units", mend="see docs/spec-grammar.md") from error
    return rows


def _unit(row: Mapping[str, Any]) -> dict[str, str | None]:
    """One row of the table of units; what is not there, as NaN in pandas, is missing."""
    return {key: None if value is None or value != value else str(value) for key, value in row.items()}
