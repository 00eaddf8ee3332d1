"""Some forms of the EDC system as one ODM-XML snapshot instead of a CSV file each: the records are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sdtm2adam.errors import InternalError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.files.csv import read_csv
from sdtm2adam.files.odm.write import OdmForm, write_odm
from sdtm2adam.resources import shelf
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.truth import STUDYID

SNAPSHOT = "EDC.xml"
CONTRACTS = "contracts"
"""The folder beside the snapshot with the contracts that read it."""
_MADE = "2016-03-08T00:00:00"
"""The time the snapshot says it was made: that of the last transfer."""
_UNITS = {"VS": {"TEMP": "TEMPU", "WEIGHT": "WEIGHTU", "HEIGHT": "HEIGHTU"}}
CARRIED = ("ENROL", "VS", "AE")
"""The forms that the snapshot holds."""


def carried_forms() -> list[OdmForm]:
    """How each form becomes a group of items."""
    shape = {"subject": "SUBJECT", "event": "FOLDER", "repeat": "RECPOS", "site": "SITE", "prefix": "IT."}
    return [OdmForm(name, FORMS[name].columns, units=_UNITS.get(name, {}), **shape) for name in CARRIED]


def as_snapshot(staged: Sequence[Path]) -> list[Path]:
    """The staged files with the CSV files of these forms replaced by one snapshot; its contracts beside it.

    Args:
        staged: the forms as CSV, `<FORM>.csv`, in one folder.
    """
    by_form = {path.stem: path for path in staged}
    tables = {name: read_csv(by_form[name]) for name in CARRIED}
    snapshot = staged[0].with_name(SNAPSHOT)
    forms = [_fitted(form, tables[form.name].column_names) for form in carried_forms()]
    write_odm(snapshot, STUDYID, forms, [tables], _MADE)
    for name in CARRIED:
        by_form[name].unlink()
    return [path for path in staged if path.stem not in CARRIED] + [snapshot]


def _fitted(form: OdmForm, columns: Sequence[str]) -> OdmForm:
    """The form with the columns of this transfer, which may have more or fewer than the study's."""
    units = {item: unit for item, unit in form.units.items() if {item, unit} <= set(columns)}
    return replace(form, columns=tuple(columns), units=units)


def write_contracts(folder: Path) -> list[Path]:
    """The contracts of these forms for the snapshot: those of the study, with another file and its names."""
    made = []
    for form in carried_forms():
        text = (shelf("specs") / "inovate" / "raw" / f"{form.name}.yaml").read_text(encoding="utf-8")
        if (line := f"file: {form.name}.csv\n") not in text:
            raise InternalError(f"the contract of {form.name} reads no CSV file", where="simulate", mend="correct it")
        names = "".join(f"  {column}: {name}\n" for column, name in form.names.items())
        group = f"read:\n  oid: {form.name}\n"  # beside what the contract says of the reading already
        text = text.replace("\nread:\n", f"\n{group}") if "\nread:\n" in text else text.replace(line, line + group)
        path = folder / CONTRACTS / f"{form.name}.yaml"
        write_text(path, text.replace(line, f"file: {SNAPSHOT}\nnames:\n{names}"))
        made.append(path)
    return made
