"""Queries of data management: a record, a field and what is asked; open ones are counted on the form."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.rows import MOST_RECORDS, record_id, table
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Ints
from sdtm2adam.simulate.text import Text, labels, numbers

_ASKED = {
    # form: fields that are queried
    "AE": ("AESTDAT", "AEENDAT", "GRADE", "AEACN"),
    "CM": ("CMSTDAT", "CMINDC", "CMDOSE"),
    "LB_HEM": ("LBTIM", "WBC", "PLAT"),
    "VS": ("TEMP", "WEIGHT"),
    "MH": ("MHSTDAT", "MHONGO"),
    "PRTX": ("STDAT", "BRESP"),
    "BM": ("BMBLAST", "BMCELL"),
    "EX_INO": ("EXSTTIM", "BSA"),
    "SURV": ("SVLASTAL", "SVSRC"),
}
_TEXTS = ["Please confirm the value", "Please check against the source", "Please add what is missing or say not done"]
_STATES = ["Closed", "Answered", "Open"]
_SHARES = [0.7, 0.8]
_MOST = 12
_MEAN = 6.0
"""Queries per subject; a fifth of them is open, 1.2 per subject."""


def with_queries(cohort: Cohort, forms: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The forms with QUERIES added; QUERYCNT of a record is the number of its open queries."""
    asked = [form for form in _ASKED if form in forms]
    ids = {form: _record_ids(forms[form]) for form in asked}
    who, u = _drawn(cohort)
    which = (u[:, 0] * len(asked)).astype(np.int64)
    parts = [_of_form(cohort, form, ids[form], who[which == k], u[which == k]) for k, form in enumerate(asked)]
    queries = pa.concat_tables(parts) if parts else table(FORMS["QUERIES"], {}, 0)
    counted = {form: _counted(forms[form], queries) for form in asked}
    return {**forms, **counted, "QUERIES": queries}


def _drawn(cohort: Cohort) -> tuple[Ints, np.ndarray]:
    """The subject of each query, and its draws."""
    wanted = np.minimum(np.floor(-_MEAN * np.log1p(-cohort.uniform("queries", 1)[:, 0])), _MOST)
    who, place = np.nonzero(np.arange(_MOST) < wanted[:, None])
    u = cohort.uniform("query", 5 * _MOST).reshape(len(cohort), _MOST, 5)[who, place]
    return who, u


def _record_ids(rows: pa.Table) -> Ints:
    return np.sort(pc.cast(rows["RECORDID"], pa.int64()).to_numpy())


def _of_form(cohort: Cohort, form: str, ids: Ints, who: Ints, u: np.ndarray) -> pa.Table:
    """The queries of one form: each is about one of the subject's records; a subject without records is not asked."""
    lowest = record_id(cohort, form, who, np.zeros(len(who), dtype=np.int64))
    first, last = np.searchsorted(ids, lowest), np.searchsorted(ids, lowest + MOST_RECORDS)
    has = last > first
    first, last, who, u = first[has], last[has], who[has], u[has]
    record = ids[first + (u[:, 1] * (last - first)).astype(np.int64)] if len(who) else np.empty(0, dtype=np.int64)
    fields: dict[str, Text | str] = {
        "SUBJECT": cohort.subject.take(pa.array(who)),
        "FORM": form,
        "RECORDID": numbers(record.astype(np.float64)),
        "FIELD": labels(list(_ASKED[form]), (u[:, 2] * len(_ASKED[form])).astype(np.int64)),
        "TEXT": labels(_TEXTS, (u[:, 3] * len(_TEXTS)).astype(np.int64)),
        "STATUS": labels(_STATES, np.searchsorted(_SHARES, u[:, 4])),
    }
    return table(FORMS["QUERIES"], fields, len(who))


def _counted(rows: pa.Table, queries: pa.Table) -> pa.Table:
    """The form with the number of open queries of each record."""
    open_ = queries.filter(pc.equal(queries["STATUS"], "Open"))["RECORDID"]
    ids, times = np.unique(pc.cast(open_, pa.int64()).to_numpy(), return_counts=True)
    of_row = pc.index_in(rows["RECORDID"].combine_chunks(), value_set=numbers(ids.astype(np.float64)))
    counts = pc.fill_null(numbers(times.astype(np.float64)).take(of_row), "0")
    return rows.set_column(rows.schema.get_field_index("QUERYCNT"), "QUERYCNT", counts)
