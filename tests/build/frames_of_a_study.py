"""Frames for the tests of verbs on frames, and one call of each verb."""

import pandas as pd
import pyarrow as pa
from harness import draw

from sdtm2adam.build import verbs

DM = """
USUBJID AGE:integer TRTSDT:date DTHDT:date LSTDT:date
S1-2    61          2014-02-01  .          2014-05-01
S1-1    50          2014-01-01  2014-03-01 2014-03-01
S1-3    .           .           .          2014-01-15
"""
EX = """
USUBJID EXSEQ:integer EXDOSE:float EXTRT EXSTDTC          EXENDTC    EXDT:date
S1-1    2             20           B     2014-01-05       2014-01-06 2014-01-05
S1-2    1             5            A     2014-02          2014-02-03 .
S1-1    1             10           A     2014-01-01T10:30 2014-01-02 2014-01-01
S1-1    3             .            A     .                .          .
S1-9    1             7            C     2014-09-09       2014-09-09 2014-09-09
S1-2    2             5            A     2014-02-08       2014-02-08 2014-02-08
"""
LB = """
USUBJID LBSEQ:integer LBTESTCD LBORRES LBORRESU
S1-1    1             HGB      12.3    g/dL
S1-1    2             PLAT     150     10^9/L
S1-2    1             HGB      .       .
"""
UNITS = [
    {"TESTCD": "HGB", "FROM": "g/dL", "TO": "g/L", "FACTOR": "10", "DIGITS": "0"},
    {"TESTCD": "PLAT", "FROM": "10^9/L", "TO": "10^9/L"},
]
SOURCES = {
    "DEATH": {"from": "ADSL", "date": "DTHDT", "desc": "Death"},
    "LAST": {"from": "ADSL", "date": "LSTDT", "desc": "Censored", "censor": "Last contact"},
}
FIRST = {"from": "EX", "order": ["EXSEQ"], "else": {"const": {"EXTRT": "none"}}}
MEAN = {"from": "EX", "by": ["USUBJID"], "value": {"MEAN": "avg(EXDOSE)", "N": "count(*)"}}
IMPUTED = "dtm(EXSTDTC, impute := 'first')"

COLUMNS = {
    "pick": lambda f: verbs.pick(f, "X", from_="EX", order=["EXSEQ"], take="last", value="EXTRT", else_="'none'"),
    "exists": lambda f: verbs.exists(f, "X", from_="EX", where="EXDOSE > THIS.AGE / 10", else_="N"),
    "agg": lambda f: verbs.agg(f, "X", from_="EX", value="sum(EXDOSE)", else_=0),
    "sql": lambda f: verbs.sql(f, "X", "case when AGE < 55 then 'young' else 'old' end"),
    "flag": lambda f: verbs.flag(f, "X", by=[], order=["AGE desc", "USUBJID"]),
    "seq": lambda f: verbs.seq(f, "X", by=[], order=["AGE", "USUBJID"]),
}
"""Verbs that add X to ADSL."""
ON_DOSES = {
    "imputed": lambda f: verbs.imputed(f, ["ASTDTF", "ASTTMF"], imputed="ASTDTM", sql=IMPUTED),
    "flag": lambda f: verbs.flag(f, "X", order=["EXSEQ"], take="all", until="EXDOSE >= 20"),
    "seq": lambda f: verbs.seq(f, "X", order=["EXDT", "EXSEQ"]),
}
"""Verbs that add to EX."""
ON_RESULTS = {
    "decode": lambda f: verbs.decode(f, "LBTEST", "LBTESTCD"),
    "standardize": lambda f: verbs.standardize(f, ["LBSTRESC", "LBSTRESN", "LBSTRESU"], units=UNITS),
}
"""Verbs that add to LB."""
ROWS = {
    "from_": lambda f: verbs.from_(f, "EX", where="EXDOSE > 5", set={"DAY": "dt(EXSTDTC)"}, const={"X": "x"}),
    "records, pick": lambda f: verbs.records(f, pick=FIRST, const={"PARAM": "First"}),
    "records, agg": lambda f: verbs.records(f, agg=MEAN, having="N > 1"),
    "dedupe": lambda f: verbs.dedupe({"EX": f["EX"]}, ["USUBJID", "EXTRT"], order="EXSEQ", issues=[]),
    "expand": lambda f: verbs.expand(
        {"EX": f["EX"]}, from_="dt(EXSTDTC)", to="dt(EXENDTC)", as_="ADT", where="dt(EXSTDTC) is not null"
    ),
    "unpivot": lambda f: verbs.unpivot({"W": f["EX"]}, "VS", {"A": {"VSORRES": "EXTRT"}, "B": {"VSORRES": "EXSEQ"}},
                                       copy=[]),
    "tte": lambda f: verbs.tte(f, start="TRTSDT", events=["DEATH"], censors=["LAST"], sources=SOURCES,
                               set={"AVAL": "days(STARTDT, ADT)"}),
}  # fmt: skip
"""Verbs that make rows."""
ALL = {
    **{name: (call, ("ADSL", "EX")) for name, call in COLUMNS.items()},
    **{f"{name} of doses": (call, ("EX",)) for name, call in ON_DOSES.items()},
    **{name: (call, ("LB",)) for name, call in ON_RESULTS.items()},
    **{name: (call, ("ADSL", "EX")) for name, call in ROWS.items()},
}
"""Each verb, and the frames of its call; the first is the one that rows are made or added to."""


def arrow_frames(names) -> dict[str, pa.Table]:
    """The frames as Arrow tables."""
    tables = {"ADSL": DM, "EX": EX, "LB": LB}
    return {name: draw(tables[name]) for name in names}


def pandas_frames(names) -> dict[str, pd.DataFrame]:
    """The same frames of pandas, with an index that is no count."""
    frames = {name: table.to_pandas(date_as_object=False) for name, table in arrow_frames(names).items()}
    for frame in frames.values():
        frame.index = pd.Index([f"row {i}" for i in range(len(frame))])
    return frames
