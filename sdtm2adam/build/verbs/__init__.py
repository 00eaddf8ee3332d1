"""The verbs of specs as functions on pandas and Arrow frames, for Python programmers: docs/verbs.md.

Each runs what a spec of the same words runs, on a small study whose datasets are the frames: one implementation, two
doors. Frames that are given are never changed. Most give back a frame and its lineage: `row, source, source_row`.
"""

from sdtm2adam.build.verbs.collected import datetime
from sdtm2adam.build.verbs.dates import days, dt, dtm, months, recode, study_day, years
from sdtm2adam.build.verbs.desk import IssueWarning
from sdtm2adam.build.verbs.findings import decode, standardize
from sdtm2adam.build.verbs.other_rows import agg, exists, pick
from sdtm2adam.build.verbs.own_rows import flag, imputed, seq, sql
from sdtm2adam.build.verbs.records import dedupe, expand, from_, records, tte, unpivot

__all__ = [
    "IssueWarning",
    "agg",
    "datetime",
    "days",
    "decode",
    "dedupe",
    "dt",
    "dtm",
    "exists",
    "expand",
    "flag",
    "from_",
    "imputed",
    "months",
    "pick",
    "recode",
    "records",
    "seq",
    "sql",
    "standardize",
    "study_day",
    "tte",
    "unpivot",
    "years",
]
