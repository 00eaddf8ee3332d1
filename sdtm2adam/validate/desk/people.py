"""The subjects of a study: their sites and what identifies them, and who is who in a raw form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.model import Dataset
from sdtm2adam.validate.desk.slices import as_arrow, words_of
from sdtm2adam.validate.records import is_text

_SAID = (
    *("USUBJID", "SITEID", "SUBJID", "COUNTRY", "INVNAM", "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "ARM", "ACTARM"),
    *("ARMNRS", "TRT01P", "TRT01A", "RFICDTC", "RFSTDTC", "RFXSTDTC", "RFXENDTC", "RFENDTC", "RFPENDTC"),
    *("TRTSDT", "TRTEDT", "DTHFL", "DTHDTC", "DTHDT"),
)
_MOST = 0.5
"""The share of records in which a column must name a subject to be the one that does."""


class People:
    """Who is in the study: those of DM, else of ADSL, and all whom findings speak of.

    `table` has a row for each subject, in order of USUBJID: USUBJID, SITEID and whatever else is there of what a data
    manager knows a subject by. `labels` are those of the variables.
    """

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        source = next((datasets[name] for name in ("DM", "ADSL") if name in datasets), None)
        self.source = source.name if source is not None else ""
        self.labels = {variable.name: variable.label for variable in source.variables} if source is not None else {}
        frame = words_of(source, _SAID).to_pandas() if source is not None else pd.DataFrame()
        for name in ("USUBJID", "SITEID"):
            if name not in frame:
                frame[name] = pd.Series(dtype="str")
        frame = frame[frame["USUBJID"].notna()].drop_duplicates("USUBJID").sort_values("USUBJID")
        self._known = frame.astype("str").reset_index(drop=True)
        self._names = self._short_names()
        known = self._known[self._known["SITEID"].notna()]
        self._sites: dict[str, str] = dict(zip(known["USUBJID"], known["SITEID"], strict=True))

    def _short_names(self) -> dict[str, str]:
        """USUBJID by every name of a subject that is nobody else's."""
        known = self._known
        names = {subject: subject for subject in known["USUBJID"]}
        if "SUBJID" in known:
            alone = known[~known["SUBJID"].duplicated(keep=False) & known["SUBJID"].notna()]
            names = {**dict(zip(alone["SUBJID"], alone["USUBJID"], strict=True)), **names}
        return names

    def named(self, text: str) -> str:
        """The USUBJID of whom a text names; the text itself where it names nobody of the study."""
        return self._names.get(text, text)

    def site(self, subject: str) -> str:
        """The site of a subject; empty where it is not known."""
        return self._sites.get(subject, "")

    def table(self, others: Sequence[str] = ()) -> pa.Table:
        """All subjects, with those of `others` who are not in DM or ADSL."""
        new = sorted({name for name in others if name} - set(self._known["USUBJID"]))
        whole = pd.concat([self._known, pd.DataFrame({"USUBJID": new}, dtype="str")], ignore_index=True)
        order = [name for name in _SAID if name in whole]
        columns = [as_arrow(whole[name]) for name in order]
        return pa.table(columns, names=order)

    def column_in(self, form: pa.Table) -> str:
        """The column of a raw form that names the subject: the one that most often does; empty where none is."""
        names = pa.array(list(self._names), pa.large_string())
        best, share = "", _MOST
        for name in form.column_names:
            if form.column_names.count(name) != 1 or not is_text(form.schema.field(name).type):
                continue
            column = form.column(name).cast(pa.large_string())
            filled = len(column) - column.null_count
            hits = pc.sum(pc.is_in(column, value_set=names, skip_nulls=True)).as_py() or 0
            if filled and hits / filled > share:
                best, share = name, hits / filled
        return best
