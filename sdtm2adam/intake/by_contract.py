"""The files of a transfer as a contract reads them, whichever format they come in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sdtm2adam.errors import InputError
from sdtm2adam.files.odm.groups import groups_in
from sdtm2adam.files.raw_names import original_names, rename_columns
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.files.xlsx.package import open_workbook
from sdtm2adam.intake.column_names import proposed_names
from sdtm2adam.intake.parts import form_name
from sdtm2adam.intake.raw_file import FoundForm, forms_of_name
from sdtm2adam.spec.reading import file_kind
from sdtm2adam.spec.study import Contract


@dataclass(frozen=True)
class OtherFormats:
    """Forms that lie in a folder in another file than their contract names, and the files that cannot be read."""

    forms: Mapping[str, FoundForm]
    unread: tuple[str, ...] = ()


def read_by_contract(path: Path, contract: Contract, asked: Collection[str]) -> pa.Table | None:
    """A file as its contract reads it, under the names of the contract; a column that it lacks is not there.

    Args:
        path: the file that the contract names, or the same form as Parquet.
        contract: of the form.
        asked: the columns that the contract speaks of.

    Returns:
        The table; None where the file has no such sheet or group.

    Raises:
        InputError: the file cannot be read.
    """
    if path.name != Path(str(contract.file)).name:  # Parquet: nothing but texts, under the names of the contract
        return read_raw(path).frame
    wanted = {*asked, *map(str, contract.names.values())}
    try:
        frame = read_raw(path, contract.read, wanted=wanted).frame
    except InputError:
        if _has_part(path, contract):
            raise
        return None
    return _renamed(frame, _there(frame, contract), path)


def read_in_other_format(found: FoundForm, contract: Contract, asked: Collection[str]) -> pa.Table:
    """A form from another file than its contract names, under the names of the contract.

    A column is known by its name in the file, by that of the contract, or by that which a contract of the file would be
    proposed to have (of IT.AETERM it is AETERM).

    Raises:
        InputError: the file cannot be read.
    """
    wanted = {*asked, *map(str, contract.names.values())}
    frame = read_raw(found.path, found.part.read, wanted=wanted).frame
    names = _there(frame, contract)
    taken = {*names, *frame.column_names}
    oids = file_kind(found.path.name) == "odm"
    for column, original in proposed_names(original_names(frame), oids=oids, as_they_are=asked).items():
        if column in asked and column not in taken and original not in names.values():
            names[column] = original
    return _renamed(frame, names, found.path)


def in_other_formats(
    folder: Path, contracts: Mapping[str, Contract], lacking: Sequence[str], taken: Collection[Path]
) -> OtherFormats:
    """The forms that a folder lacks under the files of their contracts, and has in others.

    A form is known by its name, or by the name of its file where that is a form by itself.

    Args:
        folder: of a transfer.
        contracts: of all forms.
        lacking: the forms whose files are not there.
        taken: the files that contracts name.

    Raises:
        InputError: a form is there twice.
    """
    files = [str(contract.file).lower() for contract in contracts.values()]
    names: dict[str, str] = {}
    for form in lacking:
        file = str(contracts[form].file)
        names[form_name(form)] = form
        if files.count(file.lower()) == 1:
            names.setdefault(form_name(Path(file).stem), form)
    others = [path for path in sorted(folder.iterdir()) if path.is_file() and path not in taken]
    candidates, unread = forms_of_name([path for path in others if not path.name.startswith(".")], names)
    found: dict[str, FoundForm] = {}
    for candidate in candidates:
        form = names[candidate.part.name]
        if (first := found.get(form)) is not None:
            what = f"{first.path.name} and {candidate.path.name} are both the form {form}"
            raise InputError(what, where=str(folder), mend="keep the one that is right; none is preferred")
        found[form] = candidate
    return OtherFormats(found, tuple(unread))


def _there(frame: pa.Table, contract: Contract) -> dict[str, str]:
    """The names of the contract for columns that a table has under their names in the file."""
    there = {*original_names(frame), *frame.column_names}
    return {column: str(name) for column, name in contract.names.items() if str(name) in there}


def _renamed(frame: pa.Table, names: Mapping[str, str], path: Path) -> pa.Table:
    return rename_columns(frame, names, str(path))


def _has_part(path: Path, contract: Contract) -> bool:
    """Whether a file that can be opened has the sheet or group of the contract.

    Raises:
        InputError: the file is damaged.
    """
    part = contract.read.part
    kind = file_kind(path.name)
    if kind == "xlsx" and part:
        with open_workbook(path) as workbook:
            return part in [sheet.name for sheet in workbook.sheets]
    if kind == "odm" and part:
        groups = groups_in(path)
        return part in groups or any(part in forms for forms in groups.values())
    return True
