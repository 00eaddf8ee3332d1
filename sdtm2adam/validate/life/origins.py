"""The raw records behind the records of a dataset, and the subjects of raw records, by the lineage of a build."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Dataset
from sdtm2adam.validate.life.keys import Key
from sdtm2adam.validate.records import Records

Rows = npt.NDArray[np.int64]

_RAW = "raw."


class Origins:
    """Follows lineage back to raw records; every table is looked at once, and only when it is needed.

    Args:
        datasets: as they were built, by name.
        raw_keys: for each form (`raw.AE`) its records in order: `row`, and the columns of its key.
    """

    def __init__(self, datasets: Mapping[str, Dataset], raw_keys: Mapping[str, Any]) -> None:
        self.datasets, self._raw_keys = datasets, raw_keys
        self._names: dict[str, npt.NDArray[np.object_]] = {}
        self._records: dict[str, Records] = {}

    def records(self, name: str) -> Records:
        """The records of a dataset as the checks see them."""
        if name not in self._records:
            self._records[name] = Records(self.datasets[name])
        return self._records[name]

    def has_key(self, form: str) -> bool:
        """Whether the records of a form (`raw.AE`) have a key of their own."""
        table = self._raw_keys.get(form)
        return isinstance(table, pa.Table) and len(table.column_names) > 1

    def key_of(self, form: str, key: Key) -> str:
        """The key of a record of a form, without what else is named beside it: `RECORDID=12`."""
        table = self._raw_keys.get(form)
        own = [name for name in table.column_names if name != "row"] if isinstance(table, pa.Table) else []
        if not own or not set(own) <= set(key.names):
            return key.text
        return ", ".join(f"{name}={key.value(name)}" for name in own)

    def names(self, form: str) -> npt.NDArray[np.object_]:
        """The names of the records of a form, `AE RECORDID=12`, by row; `AE row 3` where it has no key."""
        if form not in self._names:
            table, short = self._raw_keys.get(form), form.removeprefix(_RAW)
            if not isinstance(table, pa.Table):
                self._names[form] = np.empty(0, dtype=object)
            elif not self.has_key(form):
                self._names[form] = np.array([f"{short} row {row + 1}" for row in range(len(table))], dtype=object)
            else:
                self._names[form] = _named(short, table)
        return self._names[form]

    def single(self, name: str) -> tuple[npt.NDArray[np.object_], Rows]:
        """For each record of a dataset the one raw form and row it came from; empty and -1 where it is not one."""
        count = self.datasets[name].frame.num_rows
        form, place = np.full(count, name, dtype=object), np.arange(count, dtype=np.int64)
        for _ in range(len(self.datasets)):
            open_ = [one for one in pd.unique(form) if one in self.datasets and not str(one).startswith(_RAW)]
            if not open_:
                break
            for source in open_:
                here = np.flatnonzero(form == source)
                form[here], place[here] = self._step(source, place[here])
        known = np.array([str(one).startswith(_RAW) for one in form], dtype=bool)
        return np.where(known, form, ""), np.where(known, place, -1)

    def _step(self, name: str, rows: Rows) -> tuple[npt.NDArray[np.object_], Rows]:
        """One step back: the source and its row, of rows of a dataset."""
        lineage = self.datasets[name].lineage
        if "source" not in lineage.column_names or lineage.num_rows != self.datasets[name].frame.num_rows:
            return np.full(len(rows), "", dtype=object), np.full(len(rows), -1, dtype=np.int64)
        source = lineage.column("source").to_pandas().astype(object).to_numpy()[rows]
        place = lineage.column("source_row").to_pandas().fillna(-1).to_numpy(dtype=np.int64)[rows]
        source = np.where(pd.isna(source), "", source).astype(object)
        return np.where(source == name, "", source), np.where(source == "", -1, place)

    def behind(self, name: str, rows: Rows) -> dict[int, tuple[str, ...]]:
        """The names of all raw records behind rows of a dataset, also where a record was made of many."""
        pending = pd.DataFrame({"root": rows, "source": name, "place": rows}).astype({"source": object})
        found: list[pd.DataFrame] = []
        for _ in range(len(self.datasets) + 1):
            later: list[pd.DataFrame] = []
            for source, group in pending.groupby("source", sort=True):
                if str(source).startswith(_RAW):
                    found.append(group)
                elif source in self.datasets:
                    later += self._back(str(source), group)
            pending = pd.concat(later).drop_duplicates() if later else pd.DataFrame()
            if pending.empty:
                break
        return self._told(found)

    def _back(self, name: str, group: pd.DataFrame) -> list[pd.DataFrame]:
        source, place = self._step(name, group["place"].to_numpy(dtype=np.int64))
        one = pd.DataFrame({"root": group["root"].to_numpy(), "source": source, "place": place})
        single = one[one["source"] != ""]
        edges = self.datasets[name].edges
        if edges is None or len(single) == len(one):
            return [single]
        many = edges.select(["row", "source", "source_row"]).to_pandas()
        left = group.loc[(one["source"] == "").to_numpy(), ["root", "place"]]
        joined = left.merge(many, left_on="place", right_on="row")
        joined = joined[(joined["source"] != name) & joined["source"].notna()]
        return [
            single,
            pd.DataFrame({"root": joined["root"], "source": joined["source"], "place": joined["source_row"]}),
        ]

    def _told(self, found: list[pd.DataFrame]) -> dict[int, tuple[str, ...]]:
        if not found:
            return {}
        every = pd.concat(found).drop_duplicates().sort_values(["root", "source", "place"], kind="stable")
        every["told"] = ""
        for form in pd.unique(every["source"]):
            names, here = self.names(str(form)), every["source"] == form
            place = every.loc[here, "place"].to_numpy(dtype=np.int64)
            inside = (place >= 0) & (place < len(names))
            every.loc[here, "told"] = [names[at] if ok else "" for at, ok in zip(place, inside, strict=True)]
        every = every[every["told"] != ""]
        return {int(root): tuple(dict.fromkeys(told)) for root, told in every.groupby("root")["told"]}

    def subjects(self, forms: Collection[str]) -> dict[str, str]:
        """The subject (USUBJID) of each raw record (`AE RECORDID=12`) of these forms that went into a dataset."""
        found: list[pd.DataFrame] = []
        for name in sorted(self.datasets):
            own = self.records(name)
            if not own.has("USUBJID") or own.names.count("USUBJID") != 1:
                continue
            source, place = self._step(name, np.arange(len(own), dtype=np.int64))
            who = own.as_text("USUBJID").fillna("").to_numpy(dtype=object)
            one = pd.DataFrame({"source": source, "place": place, "who": who})
            found += [part[part["source"].isin(list(forms))] for part in (one, self._made_of_many(name, who))]
        if not found:
            return {}
        every = pd.concat(found).drop_duplicates(["source", "place"])
        told: dict[str, str] = {}
        for form, group in every.groupby("source", sort=True):
            names = self.names(str(form))
            inside = group[group["place"] < len(names)]
            told |= dict(zip(names[inside["place"].to_numpy(dtype=np.int64)], inside["who"], strict=True))
        return told

    def _made_of_many(self, name: str, who: npt.NDArray[np.object_]) -> pd.DataFrame:
        edges = self.datasets[name].edges
        if edges is None:
            return pd.DataFrame({"source": [], "place": [], "who": []})
        many = edges.select(["row", "source", "source_row"]).to_pandas()
        rows = many["row"].to_numpy(dtype=np.int64)
        return pd.DataFrame({"source": many["source"], "place": many["source_row"], "who": who[rows]})


def _named(form: str, table: pa.Table) -> npt.NDArray[np.object_]:
    """`AE RECORDID=12` for each row of a table of keys."""
    parts = [
        column + "=" + table.column(column).to_pandas(integer_object_nulls=True).map(_text).astype(object)
        for column in table.column_names
        if column != "row"
    ]
    told = parts[0]
    for part in parts[1:]:
        told = told + ", " + part
    return np.asarray(form + " " + told, dtype=object)


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
