"""The laboratory analysis dataset derived a second time from the written SDTM, in plain pandas and exact fractions."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pandas as pd
from second_derivation import complete

Datasets = Callable[[str], pd.DataFrame]
MILD = [("ALT", 2.5, 5, 20), ("AST", 2.5, 5, 20), ("ALP", 2.5, 5, 20), ("GGT", 2.5, 5, 20), ("BILI", 1.5, 3, 10),
        ("CREAT", 1.5, 3, 6), ("AMYLASE", 1.5, 2, 5), ("LIPASET", 1.5, 2, 5), ("APTT", 1.5, 2, None),
        ("INR", 1.5, 2, None)]  # fmt: skip
MULTIPLES = {name: limits for name, *limits in MILD}
"""Highest multiple of the upper limit of normal that is still grade 1, 2, 3."""
TOP = {"URATE": (None, None, 590), "CA": (2.9, 3.1, 3.4), "GLUC": (8.9, 13.9, 27.8), "K": (5.5, 6, 7),
       "MG": (None, 1.23, 3.3), "SODIUM": (150, 155, 160)}  # fmt: skip
"""Highest value that is still grade 1, 2, 3."""
BOTTOM = {"HGB": (100, 80, 65), "PLAT": (75, 50, 25), "WBC": (3, 2, 1), "NEUT": (1.5, 1, 0.5), "LYM": (0.8, 0.5, 0.2),
          "ALB": (30, 20, None), "CA": (2, 1.75, 1.5), "GLUC": (3, 2.2, 1.7), "K": (None, 3, 2.5),
          "MG": (0.5, 0.4, 0.3), "PHOS": (0.8, 0.6, 0.3), "SODIUM": (None, 130, 120), "CO2": (16, 11, 8)}  # fmt: skip
"""Lowest value that is still grade 1, 2, 3."""
SHARES = {"FIBRINO": (0.75, 0.5, 0.25)}
"""Lowest share of the lower limit of normal that is still grade 1, 2, 3."""


def exact(value: object) -> Fraction:
    """A number as it is printed, without binary noise."""
    return Fraction(f"{value:.15g}") if isinstance(value, float) else Fraction(str(value))


def severity(distances: list[bool]) -> str:
    """The grade of a result outside the limits of normal: one more than the last bound that it passes."""
    return str(max((grade for grade, passed in zip((2, 3, 4), distances, strict=True) if passed), default=1))


def high_grade(row: dict[str, object]) -> str:
    test = str(row["PARAMCD"])
    if test not in MULTIPLES and test not in TOP:
        return ""
    if exact(row["LBSTRESN"]) <= exact(row["LBSTNRHI"]):
        return "0"
    if test in MULTIPLES:  # in the unit of the laboratory
        value, unit = exact(row["LBORRES"]), exact(row["LBORNRHI"])
        return severity([m is not None and value > exact(m) * unit for m in MULTIPLES[test]])
    return severity([m is not None and exact(row["LBSTRESN"]) > exact(m) for m in TOP[test]])


def low_grade(row: dict[str, object]) -> str:
    test = str(row["PARAMCD"])
    if test not in BOTTOM and test not in SHARES:
        return ""
    if exact(row["LBSTRESN"]) >= exact(row["LBSTNRLO"]):
        return "0"
    if test in SHARES:
        value, unit = exact(row["LBORRES"]), exact(row["LBORNRLO"])
        return severity([value < exact(m) * unit for m in SHARES[test]])
    return severity([m is not None and exact(row["LBSTRESN"]) < exact(m) for m in BOTTOM[test]])


def derive_laboratory(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    """Each numeric result of a randomised subject in blood, by USUBJID and LBSEQ; `adsl` is indexed by subject."""
    lb = sdtm("LB")
    lb = lb[lb["LBCAT"].isin(["HEMATOLOGY", "CHEMISTRY", "COAGULATION"]) & (lb["LBSTRESC"] != "")]
    lb = lb[lb["USUBJID"].isin(adsl.index)].rename(columns={"LBTESTCD": "PARAMCD"}).copy()
    assert lb["LBSTRESN"].notna().all()
    for name in ("RANDDT", "TRTSDT", "TEAEEDT"):
        lb[name] = lb["USUBJID"].map(adsl[name])
    lb["ADT"] = complete(lb["LBDTC"])
    lb["BEFORE"] = before_first_dose(lb, sdtm("EX"))
    records = lb.to_dict("records")
    lb["ATOXGRL"] = [low_grade(row) for row in records]
    lb["ATOXGRH"] = [high_grade(row) for row in records]
    return with_baseline(flag_worst(lb.sort_values(["USUBJID", "PARAMCD", "LBDTC", "LBSEQ"])))


def before_first_dose(lb: pd.DataFrame, ex: pd.DataFrame) -> pd.Series:
    """On the day of the first dose all not later than a dose of known time; never dosed: up to randomisation."""
    timed = ex[(ex["EXDOSE"] > 0) & (ex["EXSTDTC"].str.len() == 16)]
    clock = timed["EXSTDTC"].groupby([timed["USUBJID"], complete(timed["EXSTDTC"])]).min()
    day = pd.MultiIndex.from_arrays([lb["USUBJID"], lb["TRTSDT"]])
    dose = clock.reindex(day).fillna("9999").to_numpy()
    later = (lb["LBDTC"].str.len() == 16) & (lb["LBDTC"].to_numpy() > dose)
    dosed = (lb["ADT"] < lb["TRTSDT"]) | ((lb["ADT"] == lb["TRTSDT"]) & ~later)
    return pd.Series(np.where(lb["TRTSDT"].isna(), lb["ADT"] <= lb["RANDDT"], dosed), lb.index).astype(bool)


def with_baseline(lb: pd.DataFrame) -> pd.DataFrame:
    group = ["USUBJID", "PARAMCD"]
    last = lb[lb["BEFORE"]].groupby(group).tail(1)
    lb["ABLFL"] = np.where(lb.index.isin(last.index), "Y", "")
    names = {"LBSTRESN": "BASE", "LBNRIND": "BNRIND", "ATOXGRL": "BTOXGRL", "ATOXGRH": "BTOXGRH"}
    return lb.merge(last[[*group, *names]].rename(columns=names), on=group, how="left", validate="m:1")


def flag_worst(lb: pd.DataFrame) -> pd.DataFrame:
    """The first of the farthest results of the worst grade in each direction, up to the end of the emergent period."""
    on = ~lb["BEFORE"] & (lb["ADT"] >= lb["TRTSDT"]) & (lb["ADT"] <= lb["TEAEEDT"])
    lb["ONTRTFL"] = np.where(on, "Y", "")
    times = {"ATOXGRL": ("LBORNRLO", SHARES, 1), "ATOXGRH": ("LBORNRHI", MULTIPLES, -1)}
    for column, (limit, relative, sign) in times.items():
        share = pd.to_numeric(lb["LBORRES"]) / pd.to_numeric(lb[limit])
        far = np.where(lb["PARAMCD"].isin(list(relative)), share.round(9), lb["LBSTRESN"]) * sign
        some = lb.assign(G=pd.to_numeric(lb[column]), FAR=far)[on & (lb[column] != "")]
        some = some.sort_values(["G", "FAR", "LBDTC", "LBSEQ"], ascending=[False, True, True, True])
        worst = some.groupby(["USUBJID", "PARAMCD"]).head(1).index
        lb[f"WORST{column[-1]}"] = np.where(lb.index.isin(worst), "Y", "")
    return lb
