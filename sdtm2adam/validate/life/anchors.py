"""What a record is called through all cuts, whatever number it bears in one of them.

1. A dataset whose keys all say what the protocol or the form asks (USUBJID, PARAMCD, VISITNUM, IETESTCD, ...) calls its
   records by these keys: a subject is the same subject, and PFS of a subject the same parameter, whatever was found.
2. Else a record that came from one raw record is called by that (`raw.AE RECORDID=12`), since EDC keeps the number of a
   record when a date or a text in it is corrected; with those of its keys that say what was asked (LBTESTCD, QNAM),
   as one page makes many records.
3. Else, as in data that were not built here and in records made of many, by the natural keys without sequence number;
   where a sequence number was among them also by sponsor's id, topic and date, as far as the dataset has them.

Records that would still be called the same are counted in the order of their blocks and keys. --SEQ and ASEQ take no
part: they are given anew in each cut.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Dataset
from sdtm2adam.validate.life.keys import Key
from sdtm2adam.validate.life.origins import Origins, Rows
from sdtm2adam.validate.records import Records, canonical_text

Texts = npt.NDArray[np.object_]

_SUBJECTS = ("USUBJID", "POOLID")
_OF_THE_ROW = frozenset({"VISITNUM", "AVISITN", "TAETORD", "IDVAR", "SITEID"})
_ASKED = _OF_THE_ROW | {
    "PARAMCD",
    "PARAMN",
    "QNAM",
    "RDOMAIN",
    "ETCD",
    "ARMCD",
    "TSPARMCD",
    "BASETYPE",
    "MIDS",
    "DOMAIN",
}
_ASKED_ENDS = ("TESTCD", "SCAT", "CAT", "SPEC", "MOOD", "EVDTYP", "EVAL", "TPTNUM", "REPNUM")
_MORE_ENDS = ("SPID", "REFID", "TERM", "TRT", "TESTCD", "DECOD", "STDTC", "DTC")
_MORE = ("PARAMCD", "QNAM", "ASTDT", "ADT", "ADTM", "AVISITN", "ATPTN")


def says_what_was_asked(name: str) -> bool:
    """Whether a variable says what the protocol or a form asks, and not what was found or on which day.

    >>> [says_what_was_asked(name) for name in ("LBTESTCD", "PARAMCD", "AETERM", "AESTDTC", "AESEQ")]
    [True, True, False, False, False]
    """
    return name in _ASKED or name[2:] in _ASKED_ENDS


def is_sequence(name: str) -> bool:
    """Whether a variable is a sequence number: `AESEQ`, `ASEQ`."""
    return name.endswith("SEQ")


class Anchors:
    """The names of records through all cuts, and where the records are that keys name."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self._of: dict[str, Texts] = {}

    def of(self, name: str) -> Texts:
        """What each record of a dataset is called, all different."""
        if name not in self._of:
            self._of[name] = self._called(name)
        return self._of[name]

    def of_key(self, key: Key) -> str:
        """What a record is called that is in no dataset, by its key alone."""
        if not key.raw:
            return key.text
        return _with(f"raw.{key.raw}", [(n, v) for n, v in key.pairs if _tells_apart(n)])

    def _called(self, name: str) -> Texts:
        dataset, own = self.origins.datasets[name], self.origins.records(name)
        called = _joined(own, _natural(dataset, own))
        if not _is_asked(dataset, own):
            forms, places = self.origins.single(name)
            apart = _joined(own, [key for key in _once(dataset.keys, own) if _tells_apart(key)])
            for form in pd.unique(forms[forms != ""]):
                names = self.origins.names(form)
                here = np.flatnonzero((forms == form) & (places < len(names)))
                if self.origins.has_key(form):
                    called[here] = [
                        f"raw.{names[place]}" + (f" | {more}" if more else "")
                        for place, more in zip(places[here], apart[here], strict=True)
                    ]
        return _counted(called, dataset.lineage)

    def locate(self, name: str, keys: Sequence[Key]) -> Rows:
        """The row of the record that each key names; -1 where no record or more than one has it.

        A key that does not name all of what tells the records of the dataset apart has no row, even if just one record
        has it today: another may come in the next cut.
        """
        found = np.full(len(keys), -1, dtype=np.int64)
        own = self.origins.records(name)
        whole = [frozenset(names) for names in _whole_keys(self.origins.datasets[name], own) if names]
        places: dict[tuple[str, ...], list[int]] = {}
        for place, key in enumerate(keys):
            names = tuple(one for one in key.names if own.names.count(one) == 1)
            if any(names_of_one <= set(names) for names_of_one in whole):
                places.setdefault(names, []).append(place)
        for names, at in places.items():
            found[at] = _rows(own, names, [keys[place] for place in at])
        return found


def _tells_apart(name: str) -> bool:
    return says_what_was_asked(name) and name not in _OF_THE_ROW


def _with(name: str, pairs: Sequence[tuple[str, str]]) -> str:
    more = ", ".join(f"{key}={value}" for key, value in pairs)
    return f"{name} | {more}" if more else name


def _once(names: Sequence[str], own: Records) -> list[str]:
    return [name for name in names if own.names.count(name) == 1 and name != "STUDYID"]


def _is_asked(dataset: Dataset, own: Records) -> bool:
    """Whether the keys of a dataset say only what is asked."""
    keys = _once(dataset.keys, own)
    return bool(keys) and all(key in _SUBJECTS or says_what_was_asked(key) for key in keys)


def _natural(dataset: Dataset, own: Records) -> list[str]:
    """Keys without sequence numbers; where these are not all of the key, other variables that name a record."""
    keys = _once(dataset.keys, own)
    natural = [key for key in keys if not is_sequence(key)]
    if keys and natural == keys:
        return keys
    subject = [name for name in _once(_SUBJECTS, own) if name not in natural][:1]
    ends = [name for end in _MORE_ENDS for name in own.names if name[2:] == end and own.names.count(name) == 1]
    return list(dict.fromkeys([*subject, *natural, *ends, *_once(_MORE, own)]))


def _whole_keys(dataset: Dataset, own: Records) -> list[tuple[str, ...]]:
    """The groups of variables each of which names one record."""
    keys, numbers = tuple(_once(dataset.keys, own)), [f"{dataset.name[:2]}SEQ", "ASEQ"]
    subject = tuple(_once(_SUBJECTS, own)[:1])
    return [keys, *((*subject, number) for number in _once(numbers, own) if subject)]


def _joined(own: Records, names: Sequence[str]) -> Texts:
    """`USUBJID=..., PARAMCD=...` of each record."""
    told = pd.Series([""] * len(own), dtype=object)
    for name in names:
        part = f"{name}=" + own.as_text(name).fillna("").astype(object).reset_index(drop=True)
        told = part if name == names[0] else told + ", " + part
    return np.array(told.tolist(), dtype=object)


def _counted(called: Texts, lineage: pa.Table) -> Texts:
    """Those called the same, numbered in the order of their blocks; the first keeps its name."""
    records = pd.DataFrame({"called": called, "block": 0})
    if "block" in lineage.column_names and lineage.num_rows == len(called):
        records["block"] = lineage.column("block").to_pandas().to_numpy()
    number = records.sort_values("block", kind="stable").groupby("called", sort=False).cumcount().sort_index()
    same = number.to_numpy() > 0
    called = called.copy()
    called[same] = [f"{name} #{at + 1}" for name, at in zip(called[same], number[same], strict=True)]
    return called


def _rows(own: Records, names: tuple[str, ...], keys: Sequence[Key]) -> Rows:
    """The rows of keys that name the same variables."""
    right = pd.DataFrame({name: own.as_text(name).fillna("").astype(object) for name in names})
    right["_row"] = np.arange(len(own), dtype=np.int64)
    right = right.drop_duplicates(list(names), keep=False)
    values = [dict(key.pairs) for key in keys]
    left = pd.DataFrame({name: _as_stored(own, name, [one[name] for one in values]) for name in names})
    rows: Rows = left.merge(right, on=list(names), how="left")["_row"].fillna(-1).to_numpy(dtype=np.int64)
    return rows


def _as_stored(own: Records, name: str, texts: list[str]) -> pd.Series:
    """Values as they stand in keys, written as `as_text` writes those of the column: `1`, not `1.0`."""
    column, told = own.column(name), pd.Series(texts, dtype=object)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        number = pd.to_numeric(told, errors="coerce").astype("float64")
        return canonical_text(number).fillna("").astype(object)
    if pd.api.types.is_datetime64_any_dtype(column):
        return told.str.replace(" ", "T", regex=False)
    return told
