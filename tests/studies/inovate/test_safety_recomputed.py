"""Every number of the tables of exposure, VOD/SOS and deaths, computed a second time from the written XPT files."""

from collections.abc import Callable

import pandas as pd
import pytest
from printed_cells import count, fitted, fixed
from recomputed_statistics import clopper_pearson, quartile
from table_columns import NARROW, Row, columns, heads
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
GROUPS = (1, 2, 0)
WIDE = 14
"""Characters a cell of the table of exposure may have."""


@pytest.fixture(scope="module")
def adsl(adam: Datasets) -> pd.DataFrame:
    """The safety population."""
    return adam("ADSL")[lambda all_: all_["SAFFL"] == "Y"].set_index("USUBJID")


def people(adsl: pd.DataFrame) -> list[set[str]]:
    return [set(part.index) for part in columns(adsl, GROUPS, "TRT01A")]


def row(label: str, who: set[str], parts: list[set[str]]) -> Row:
    return [label, *(count(len(who & part), len(part)) for part in parts)]


def described(
    indent: str, values: pd.Series, parts: list[set[str]], which: str, digits: int, width: int, arms: str = "InO SC"
) -> list[Row]:
    """n, mean and so on of one value per subject; empty cells in an arm that has none."""

    def told(line: Callable[[pd.Series], str], label: str) -> Row:
        cells = [
            line(values[values.index.isin(part)]) if ("InO", "SC")[at % 2] in arms.split() else ""
            for at, part in enumerate(parts)
        ]
        return [f"{indent}{label}", *fitted(cells, width)]

    def known(text: Callable[[pd.Series], str]) -> Callable[[pd.Series], str]:
        return lambda x: text(x) if len(x) else "NE"

    more, most = digits + 1, digits + 2
    made = {
        "n": ("n", lambda x: str(len(x))),
        "mean": ("Mean (SD)", known(lambda x: f"{fixed(x.mean(), more)} ({fixed(x.std(ddof=1), most)})")),
        "median": ("Median", known(lambda x: fixed(quartile(x, 0.5), more))),
        "quartiles": (
            "Q1, Q3",
            known(lambda x: f"{fixed(quartile(x, 0.25), more)}, {fixed(quartile(x, 0.75), more)}"),
        ),
        "range": ("Min, Max", known(lambda x: f"{fixed(x.min(), digits)}, {fixed(x.max(), digits)}")),
    }
    return [told(made[key][1], made[key][0]) for key in which.split()]


@recomputes("T14_3_1")
def test_exposure_is_as_recomputed(whole: Whole, adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame) -> None:
    parts = people(adsl)
    given = sdtm("EX")[lambda all_: (all_["EXDOSE"] > 0) & all_["USUBJID"].isin(adsl.index)]
    treated = given[(given["VISITNUM"] >= 11) & (given["VISITNUM"] < 30)]
    cycles = (treated["VISITNUM"] // 1).groupby(treated["USUBJID"]).nunique()
    weeks = ((adsl["TRTEDT"] - adsl["TRTSDT"]).dt.days + 1) / 7
    adex = adam("ADEX").set_index("USUBJID")
    ino = given[given["EXTRT"] == "INOTUZUMAB OZOGAMICIN"].groupby("USUBJID")["EXDOSE"].sum().round(6)
    intensity = adex.loc[adex["PARAMCD"] == "RDI", "AVAL"]
    planned = adex.loc[adex["PARAMCD"] == "CYCPLAN", "AVAL"].groupby(level=0).sum()
    assert (intensity - 100 * ino / planned).abs().max() < 1e-6
    blank = [""] * 6

    def of_arm(rows: list[Row], arm: int) -> list[Row]:
        return [[cells[0], *(cell if at % 2 == arm else "" for at, cell in enumerate(cells[1:]))] for cells in rows]

    wanted: list[Row] = [["Cycles started", *blank], *described("  ", cycles, parts, "n mean median range", 0, WIDE)]
    wanted += [["Cycles started, n (%)", *blank]]
    wanted += [row(f"  {at}", set(cycles[cycles == at].index), parts) for at in range(1, 7)]
    wanted += [["Duration of treatment (weeks)", *blank]]
    wanted += described("  ", weeks, parts, "n median quartiles range", 1, WIDE)
    wanted += [["Cumulative dose, InO (mg/m2)", *blank]]
    wanted += described("  ", ino, parts, "n mean median range", 1, WIDE, "InO")
    wanted += [["Relative dose intensity, InO (%) [a]", *blank]]
    wanted += described("  ", intensity, parts, "n median quartiles range", 1, WIDE, "InO")
    doses = adex[adex["PARAMCD"] == "DOSEINO"]
    changes = {
        "dose delayed": doses["EXADJCRF"] == "Delayed",
        "dose reduced": doses["EXADJCRF"] == "Reduced",
        "dose omitted": doses["AVAL"] == 0,
        "infusion interrupted": doses["EXINT"] == "Yes",
    }
    for what, changed in changes.items():
        wanted += of_arm([row(f"At least one {what}, n (%)", set(doses.index[changed]), parts)], 0)
    drugs = given.groupby("USUBJID")["EXTRT"].agg(set)
    regimen = drugs.map(
        lambda had: (
            "FLAG" if "FLUDARABINE" in had else "Ara-C + mitoxantrone" if "MITOXANTRONE" in had else "High-dose Ara-C"
        )
    )
    wanted += [["SC regimen received, n (%)", *blank]]
    for name in ("FLAG", "Ara-C + mitoxantrone", "High-dose Ara-C"):
        wanted += of_arm([row(f"  {name}", set(regimen[regimen == name].index), parts)], 1)
    table = whole("T14_3_1")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


def exact(who: set[str], parts: list[set[str]]) -> list[str]:
    cells = []
    for part in parts:
        lower, upper = clopper_pearson(len(who & part), len(part), 0.95)
        cells.append(f"({fixed(lower, 1)}, {fixed(upper, 1)})")
    return fitted(cells, NARROW)


@recomputes("T14_3_3")
def test_vod_is_as_recomputed(whole: Whole, adam: Datasets, adsl: pd.DataFrame) -> None:
    parts = people(adsl)
    vod = adam("ADAE")[lambda all_: all_["AEDECOD"].isin(["Venoocclusive liver disease", "Venoocclusive disease"])]
    last = vod["RANDDT"] + pd.Timedelta(days=730)
    vod = vod[vod["USUBJID"].isin(adsl.index) & (vod["ASTDT"] >= vod["TRTSDT"]) & (vod["ASTDT"] <= last)]
    after = vod["ASTDT"] >= vod["HSCTDT"]
    fatal = (vod["ATOXGRN"] == 5) | (vod["AEOUT"] == "FATAL") | (vod["AESDTH"] == "Y")
    first = vod.sort_values(["ASTDT", "AESEQ"])

    def who(rows: pd.DataFrame) -> set[str]:
        return set(rows["USUBJID"])

    def days(rows: pd.DataFrame, since: str) -> pd.Series:
        once = rows.drop_duplicates("USUBJID").set_index("USUBJID")
        return (once["ASTDT"] - once[since]).dt.days

    grafted = [part & set(adsl.index[adsl["HSCTDT"].notna()]) for part in parts]
    two = [part & set(adsl.index[adsl["HSCT2AFL"] == "Y"]) for part in parts]
    onset = "n median range"
    wanted = [
        row("VOD/SOS, n (%)", who(vod), parts),
        ["  95% CI [a]", *exact(who(vod), parts)],
        row("  Grade ≥3", who(vod[vod["ATOXGRN"] >= 3]), parts),
        row("  Grade 5", who(vod[vod["ATOXGRN"] == 5]), parts),
        row("VOD/SOS without preceding HSCT, n (%)", who(vod[~after]), parts),
        ["  Days from last dose to onset", *[""] * 6],
        *described("    ", days(first[~after.loc[first.index]], "TRTEDT"), parts, onset, 0, NARROW),
        ["Subjects with HSCT after study treatment, N", *(str(len(part)) for part in grafted)],
        row("  VOD/SOS after HSCT, n (%) [b]", who(vod[after]), grafted),
        ["    95% CI [a]", *exact(who(vod[after]), grafted)],
        row("    Fatal", who(vod[after & fatal]), grafted),
        ["  Days from HSCT to onset", *[""] * 6],
        *described("    ", days(first[after.loc[first.index]], "HSCTDT"), parts, onset, 0, NARROW),
        ["HSCT with 2 alkylators in conditioning, N", *(str(len(part)) for part in two)],
        row("  VOD/SOS after HSCT, n (%) [c]", who(vod[after]), two),
    ]
    table = whole("T14_3_3")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


@recomputes("T14_3_4")
def test_deaths_are_as_recomputed(whole: Whole, adam: Datasets, adsl: pd.DataFrame) -> None:
    parts, died = people(adsl), adsl["DTHDT"].notna()
    since_last = (adsl["DTHDT"] - adsl["TRTEDT"]).dt.days
    since_first = (adsl["DTHDT"] - adsl["TRTSDT"]).dt.days
    since_graft = (adsl["DTHDT"] - adsl["HSCTDT"]).dt.days
    grafted = [part & set(adsl.index[adsl["HSCTDT"].notna()]) for part in parts]
    adrs = adam("ADRS")[lambda all_: all_["AVALC"].isin(["PD", "RELAPSED DISEASE FROM CR"])]
    relapses = adrs[(adrs["PARAMCD"] == "OVRINV") & (adrs["ADT"] >= adrs["USUBJID"].map(adsl["HSCTDT"]))]
    relapsed = adsl.index.isin(relapses["USUBJID"])
    causes = {
        "DISEASE UNDER STUDY": "Disease under study",
        "STUDY TREATMENT TOXICITY": "Study treatment toxicity",
        "VOD": "VOD/SOS",
        "INFECTION": "Infection",
        "UNKNOWN": "Unknown",
        "": "Unknown",
    }
    cause = adsl["DTHCAUS"].map(lambda text: causes.get(text, "Other"))

    def of(met: pd.Series) -> set[str]:
        return set(adsl.index[met & died])

    wanted = [
        row("Deaths, n (%)", of(died), parts),
        row("  Within 42 days of last dose", of(since_last <= 42), parts),
        row("  More than 42 days after last dose", of(since_last > 42), parts),
        row("  Within 30 days of first dose (early death)", of(since_first <= 30), parts),
        ["Cause of death, n (%)", *[""] * 6],
        *(
            row(f"  {name}", of(cause == name), parts)
            for name in ("Disease under study", "Study treatment toxicity", "VOD/SOS", "Infection", "Other", "Unknown")
        ),
        ["Subjects with HSCT after study treatment, N", *(str(len(part)) for part in grafted)],
        row("  Death by day 100 after HSCT, n (%) [a]", of(since_graft <= 100), grafted),
        row("  Death without relapse after HSCT, n (%) [a]", of((since_graft >= 0) & ~relapsed), grafted),
    ]
    table = whole("T14_3_4")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))
