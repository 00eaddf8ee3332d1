"""Names that a contract may give to columns whose names in the file are none: titles with blanks, OIDs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from sdtm2adam.files.raw_names import plain_name

_PLAIN = re.compile(r"[A-Za-z0-9_]+")
_ITEM = re.compile(r"^(IT|ITEM|I)_(?=[A-Za-z])", re.IGNORECASE)
_UNIT = ".unit"


def proposed_names(
    originals: Sequence[str], *, oids: bool = False, as_they_are: Collection[str] = ()
) -> dict[str, str]:
    """The name of the contract -> the name in the file, for the columns whose name in the file is not plain.

    Args:
        originals: the names of all columns as they stand in the file.
        oids: they are OIDs, of which the last part is the name, where that tells the columns apart.
        as_they_are: names that no one shortens.

    >>> proposed_names(["Subject", "Visit (week)", "DOSE"]), proposed_names(["IT.AETERM", "IT.TEMP.unit"], oids=True)
    ({'Visit_week': 'Visit (week)'}, {'AETERM': 'IT.AETERM', 'TEMP_unit': 'IT.TEMP.unit'})
    """
    whole = [_tidy(name, number) for number, name in enumerate(originals, start=1)]
    found = list(whole)
    if oids:
        found = [
            name if name in as_they_are else _of_oid(name) or long for name, long in zip(originals, whole, strict=True)
        ]
    for fuller in (whole, [plain_name(name) for name in originals]):
        while twice := _alike(found) - {n for n, name in enumerate(found) if name == fuller[n]}:
            found = [fuller[number] if number in twice else name for number, name in enumerate(found)]
    return {name: original for name, original in zip(found, originals, strict=True) if name != original.strip()}


def short_oid(oid: str) -> str:
    """The last part of the OID of a group: of IG.AE it is AE; the whole where that is no name.

    >>> short_oid("IG.AE"), short_oid("IG_VS"), short_oid("F.1")
    ('AE', 'VS', 'F.1')
    """
    last = re.sub(r"^(IG|IGD|FORM|F)_(?=[A-Za-z])", "", oid.rsplit(".", 1)[-1], flags=re.IGNORECASE)
    return last if last[:1].isalpha() else oid


def _of_oid(oid: str) -> str:
    """The last part of the OID of an item, with what is its unit; empty where that is no name."""
    item = oid.removesuffix(_UNIT)
    last = _tidy(_ITEM.sub("", item.rsplit(".", 1)[-1]), 0)
    return f"{last}{'_unit' if item != oid else ''}" if last[:1].isalpha() else ""


def _tidy(name: str, number: int) -> str:
    """A name of letters, digits and single `_`; one that is plain stays as it is."""
    if _PLAIN.fullmatch(name.strip()):
        return name.strip()
    return re.sub(r"_+", "_", plain_name(name)).strip("_") or f"COLUMN_{number}"


def _alike(names: Sequence[str]) -> set[int]:
    """The places of the names that another has too, whatever the case."""
    many = Counter(name.upper() for name in names)
    return {number for number, name in enumerate(names) if many[name.upper()] > 1}
