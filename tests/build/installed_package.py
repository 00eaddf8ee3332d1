"""A small package as an installer leaves it: its modules and what tells its version."""

CODE = """
import datetime
import os
from os import system

import numpy as np
import pandas as pd

CALLS = []


def bmi(rows):
    CALLS.append((list(rows.columns), len(rows), [str(kind) for kind in rows.dtypes]))
    return (rows["WEIGHT"] / (rows["HEIGHT"] / 100) ** 2).round(1)


def worst(rows, LB):
    by_subject = LB.groupby("USUBJID")["LBSTRESN"].max()
    return rows["USUBJID"].map(by_subject)


def spoil(rows, LB):
    LB["LBSTRESN"] = -1.0
    rows["USUBJID"] = "nobody"
    return pd.Series("x", index=rows.index)


def turned(rows):
    return bmi(rows).iloc[::-1]


def short(rows):
    return bmi(rows).iloc[:-1]


def bare(rows):
    return bmi(rows).to_numpy()


def nothing(rows):
    return None


def texts(rows):
    return pd.Series("x", index=rows.index)


def none(rows):
    return pd.Series(None, index=rows.index, dtype=object)


def missing(rows):
    return pd.Series([float("nan"), None, pd.NA][: len(rows)], index=rows.index, dtype=object)


def blank(rows):
    return pd.Series("", index=rows.index)


def infinite(rows):
    return pd.Series(float("inf"), index=rows.index)


def halves(rows):
    return pd.Series(0.5, index=rows.index)


def wholes(rows):
    return pd.Series(2.0, index=rows.index)


def mixed(rows):
    return pd.Series([1, "x", 2.5][: len(rows)], index=rows.index, dtype=object)


def dates(rows):
    return pd.Series(pd.Timestamp("2014-01-05"), index=rows.index)


def moments(rows):
    return pd.Series(pd.Timestamp("2014-01-05 10:30"), index=rows.index)


def zoned(rows):
    return pd.Series(pd.Timestamp("2014-01-05", tz="UTC"), index=rows.index)


def raises(rows):
    return rows["WEIGHT"] / int("x")


def exits(rows):
    raise SystemExit(3)


def episodes(LB):
    found = LB.groupby("USUBJID", as_index=False)["LBSTRESN"].mean()
    return found.rename(columns={"LBSTRESN": "AVAL"})


def twice(LB):
    return pd.concat([episodes(LB)] * 2)


def empty(LB):
    return episodes(LB).iloc[:0]


def more(LB):
    return episodes(LB).assign(X=1)


def less(LB):
    return episodes(LB)[["USUBJID"]]


def _hidden(rows):
    return None


class Maker:
    pass
"""


def install(folder, monkeypatch, name="trial_rules"):
    """Lays a package into a folder and makes that a folder of installed packages, for one test."""
    from sdtm2adam.build import python_functions

    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text("")
    (folder / name / "derive.py").write_text(CODE)
    (folder / name / "broken.py").write_text("import nowhere_at_all\n")
    about = folder / f"{name}-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (about / "top_level.txt").write_text(f"{name}\n")
    monkeypatch.syspath_prepend(str(folder))
    found = [*python_functions.installed_folders(), folder.resolve()]
    monkeypatch.setattr(python_functions, "installed_folders", lambda: found)
