"""Disposition, CD22, strata and laboratory shifts, computed a second time from the written XPT files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from printed_cells import count, fixed, p_value
from recomputed_statistics import quartile
from scipy import stats
from table_columns import INO, SC, Row, columns, heads
from whole_output import Whole, recomputes
from written_files import body_rows

Datasets = Callable[[str], pd.DataFrame]
Parts = list[pd.DataFrame]


def chosen(adam: Datasets, flag: str = "ITTFL") -> pd.DataFrame:
    adsl = adam("ADSL")
    return adsl[adsl[flag] == "Y"]


def counted(label: str, parts: Parts, choose: Callable[[pd.DataFrame], pd.Series]) -> Row:
    return [label, *(count(int(choose(part).sum()), len(part)) for part in parts)]


def each(parts: Parts, variable: str, words: dict[str, tuple[str, ...]], indent: int) -> list[Row]:
    """One row per label: subjects with one of its values."""
    return [
        counted("  " * indent + label, parts, lambda part, values=values: part[variable].isin(values))
        for label, values in words.items()
    ]


TREATMENT_ENDS = {
    "Adverse event": ("ADVERSE EVENT",),
    "Death": ("DEATH",),
    "Resistant disease": ("LACK OF EFFICACY",),
    "Relapse or progression": ("PROGRESSIVE DISEASE",),
    "Proceeded to HSCT": ("PROCEEDED TO HSCT",),
    "Withdrew consent": ("WITHDRAWAL BY SUBJECT",),
    "Lost to follow-up": ("LOST TO FOLLOW-UP",),
    "Other": ("PHYSICIAN DECISION", "PROTOCOL DEVIATION", "STUDY TERMINATED BY SPONSOR", "OTHER"),
}
STUDY_ENDS = {
    "Died": ("DEATH",),
    "Withdrew consent": ("WITHDRAWAL BY SUBJECT",),
    "Lost to follow-up": ("LOST TO FOLLOW-UP",),
    "Other": ("ADVERSE EVENT", "PHYSICIAN DECISION", "PROTOCOL DEVIATION", "STUDY TERMINATED BY SPONSOR", "OTHER"),
}
SETS = {
    "ITT": "ITTFL",
    "ITT218 (first 218)": "ITT218FL",
    "Safety": "SAFFL",
    "Central CD22 evaluable": "CD22EVFL",
    "Responders (CR/CRi)": "RESPFL",
}


@recomputes("T14_1_1")
def test_disposition_is_as_recomputed(whole: Whole, adam: Datasets) -> None:
    adsl = chosen(adam)
    parts = columns(adsl)
    blank = [""] * 8
    wanted = [["Randomised, N", *(str(len(part)) for part in parts)]]
    wanted += [counted("Treated, n (%)", parts, lambda p: p["TRTSDT"].notna())]
    wanted += [counted("Not treated, n (%)", parts, lambda p: p["TRTSDT"].isna())]
    wanted += [["Treatment status, n (%) [a]", *blank]]
    for label, value in (("Ongoing", "ONGOING"), ("Completed", "COMPLETED"), ("Discontinued", "DISCONTINUED")):
        wanted += [counted(f"  {label}", parts, lambda p, value=value: p["EOTSTT"] == value)]
    wanted += each(parts, "DCTREAS", TREATMENT_ENDS, 2)
    wanted += [["Study status, n (%)", *blank], counted("  In follow-up", parts, lambda p: p["EOSSTT"] == "ONGOING")]
    wanted += each(parts, "DCSREAS", STUDY_ENDS, 1)
    wanted += [["Analysis sets, n (%)", *blank]]
    wanted += [counted(f"  {label}", parts, lambda p, flag=flag: p[flag] == "Y") for label, flag in SETS.items()]
    table = whole("T14_1_1")
    table.rows(wanted)
    table.heads(heads(adsl))


def test_parts_of_the_disposition_sum_to_the_whole(output: Path) -> None:
    """Treated and not treated; completed, discontinued and ongoing; the states of the study."""
    rows = [[label.strip(), *map(_number, cells)] for label, *cells in body_rows(output / "tlf" / "T14_1_1.docx")]
    table = pd.DataFrame(rows).set_index(0)
    table.index = [f"{label} {at}" for at, label in enumerate(table.index)]

    def first(label: str, last: str = "") -> pd.DataFrame:
        places = [at for at, name in enumerate(table.index) if name.rpartition(" ")[0] == label]
        ends = [at for at, name in enumerate(table.index) if name.rpartition(" ")[0] == (last or label)]
        return table.iloc[places[0] : ends[0 if not last else -1] + 1]

    total = first("Randomised, N").iloc[0]
    treated = first("Treated, n (%)").iloc[0]
    assert (treated + first("Not treated, n (%)").iloc[0] == total).all()
    assert (first("Ongoing", "Discontinued").sum() == treated).all()
    reasons = first("Adverse event", "Proceeded to HSCT")
    everything = table.iloc[table.index.get_loc(reasons.index[0]) :].iloc[: len(TREATMENT_ENDS)]
    assert (everything.sum() == first("Discontinued").iloc[0]).all()
    states = table.iloc[table.index.get_loc(first("In follow-up").index[0]) :].iloc[: 1 + len(STUDY_ENDS)]
    assert (states.sum() == total).all()


def _number(cell: str) -> float:
    return float(cell.split(" ")[0]) if cell else 0.0


def summary_rows(values: list[pd.Series], digits: int) -> list[Row]:
    more, most = digits + 1, digits + 2
    return [
        ["  n", *(str(len(x)) for x in values)],
        ["  Mean (SD)", *(f"{fixed(x.mean(), more)} ({fixed(x.std(ddof=1), most)})" for x in values)],
        *tail_rows(values, digits),
    ]


def tail_rows(values: list[pd.Series], digits: int) -> list[Row]:
    more = digits + 1
    return [
        ["  Median", *(fixed(quartile(x, 0.5), more) for x in values)],
        ["  Q1, Q3", *(f"{fixed(quartile(x, 0.25), more)}, {fixed(quartile(x, 0.75), more)}" for x in values)],
        ["  Min, Max", *(f"{fixed(x.min(), digits)}, {fixed(x.max(), digits)}" for x in values)],
    ]


def geometric(x: pd.Series) -> str:
    """exp of the mean of logarithms; CV = sqrt(exp(variance of the logarithms) - 1)."""
    cv = 100 * np.sqrt(np.exp(np.var(np.log(x), ddof=1)) - 1)
    return f"{fixed(float(stats.gmean(x)), 0)} ({fixed(float(cv), 1)})"


@recomputes("T14_1_3")
def test_cd22_at_baseline_is_as_recomputed(whole: Whole, adam: Datasets) -> None:
    adsl = chosen(adam)
    parts = columns(adsl, (0,))
    blank = ["", ""]
    percent, mesf = ([part[name].dropna() for part in parts] for name in ("CD22BL", "MESFBL"))
    wanted = [counted("Evaluable, n (%)", parts, lambda p: p["CD22BL"].notna()), ["Not evaluable, n (%)", *blank]]
    for reason in ("No sample", "Insufficient blasts", "Not analysed", "Other"):
        wanted += [counted(f"  {reason}", parts, lambda p, reason=reason: p["CD22NERS"] == reason)]
    wanted += [["CD22-positive blasts (%)", *blank], *summary_rows(percent, 1)]
    wanted += [["CD22 category, n (%)", *blank], counted("  ≥90%", parts, lambda p: p["CD22BL"] >= 90)]
    wanted += [counted("  <90%", parts, lambda p: p["CD22BL"] < 90)]
    wanted += [counted("    70% to <90%", parts, lambda p: (p["CD22BL"] >= 70) & (p["CD22BL"] < 90))]
    wanted += [counted("    <70%", parts, lambda p: p["CD22BL"] < 70)]
    wanted += [counted("  Missing", parts, lambda p: p["CD22BL"].isna())]
    wanted += [["MESF", *blank], ["  n", *(str(len(x)) for x in mesf)]]
    wanted += [["  Geometric mean (CV%)", *map(geometric, mesf)], *tail_rows(mesf, 0)]
    cuts = [quartile(adsl["MESFBL"].dropna(), q) for q in (0.25, 0.5, 0.75)]
    edges = [-np.inf, *cuts, np.inf]
    wanted += [["MESF quartile, n (%) [a]", *blank]]
    for name, low, high in zip(("Q1 (low)", "Q2", "Q3", "Q4 (high)"), edges, edges[1:], strict=False):
        wanted += [counted(f"  {name}", parts, lambda p, a=low, b=high: (p["MESFBL"] > a) & (p["MESFBL"] <= b))]
    wanted += [counted("  Missing", parts, lambda p: p["MESFBL"].isna()), ["Local laboratory CD22, n (%)", *blank]]
    wanted += each(parts, "CD22LRS", {name: (name,) for name in ("Positive", "Negative", "Not done")}, 1)
    wanted += [
        counted(
            "Local positive and central ≥90%, n (%)",
            parts,
            lambda p: (p["CD22LRS"] == "Positive") & (p["CD22BL"] >= 90),
        )
    ]
    table = whole("T14_1_3")
    table.rows(wanted)
    table.heads(heads(adsl, (0,)))
    table.notes(f"baseline MESF: {', '.join(fixed(cut, 0) for cut in cuts)}; a value")


@recomputes("T14_1_4")
def test_strata_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    adsl = chosen(adam)
    parts = columns(adsl, (0,))
    wanted: list[Row] = []
    factors = (
        ("Duration of first remission", "STRAT1", {"<12": "<12 months", ">=12": "≥12 months"}),
        ("Salvage treatment", "STRAT2", {"1": "First", "2": "Second"}),
        ("Age", "STRAT3", {"<55": "<55 years", ">=55": "≥55 years"}),
    )
    for label, name, words in factors:
        wanted += [[label, *[*words.values(), "Total"] * 2]]
        for value, word in (*words.items(), ("", "Total")):
            cells = []
            for part in parts:
                row = part[(part[f"{name}R"] == value) | (value == "")]
                cells += [count(int((row[f"{name}V"] == other).sum()), len(part)) for other in words]
                cells += [count(len(row), len(part))]
            wanted += [[f"  {word}", *cells]]
        wanted += [counted("  Agreement, n (%)", parts, lambda p, n=name: p[f"{n}R"] == p[f"{n}V"])]
        wanted += [counted("  No value in one of them, n (%) [a]", parts, lambda p, n=name: p[f"{n}V"] == "")]
    table = whole("T14_1_4")
    table.rows(wanted)
    table.sizes(map(len, parts))


@recomputes("T14_2_12")
def test_cd22_at_relapse_is_as_recomputed(whole: Whole, adam: Datasets) -> None:
    who = chosen(adam)[lambda all_: (all_["RESPFL"] == "Y") & (all_["TRT01P"] == INO)]
    adcp = adam("ADCP")
    at_relapse = adcp[(adcp["AVISIT"] == "RELAPSE") & adcp["USUBJID"].isin(who["USUBJID"])]
    wanted: list[Row] = []
    both = {}
    for label, name, digits in (("CD22-positive blasts (%)", "CD22POS", 1), ("MESF", "CD22MESF", 0)):
        before = adcp[(adcp["PARAMCD"] == name) & (adcp["ABLFL"] == "Y")].set_index("USUBJID")["AVAL"]
        later = at_relapse[at_relapse["PARAMCD"] == name].set_index("USUBJID")["AVAL"]
        pairs = pd.DataFrame({"before": before, "after": later}).dropna()
        both[name] = pairs
        change = (pairs["after"] - pairs["before"]).round(6)
        assert len(change) > 25  # the normal approximation
        p = float(stats.wilcoxon(change[change != 0], correction=True, method="asymptotic").pvalue)
        range_ = f"({fixed(change.min(), digits)}, {fixed(change.max(), digits)})"
        wanted += [
            [label, ""],
            ["  Subjects with both results, n", str(len(pairs))],
            ["  Median at baseline", fixed(quartile(pairs["before"], 0.5), digits + 1)],
            ["  Median at relapse", fixed(quartile(pairs["after"], 0.5), digits + 1)],
            ["  Median change (min, max)", f"{fixed(quartile(change, 0.5), digits + 1)} {range_}"],
            ["  2-sided p-value [a]", p_value(p)],
        ]
    positive = both["CD22POS"]
    wanted += [["Subjects with CD22-positive blasts at baseline and relapse, N", str(len(positive))]]
    wanted += [["  CD22-negative at relapse, n (%) [b]", count(int((positive["after"] < 20).sum()), len(positive))]]
    table = whole("T14_2_12")
    table.rows(wanted)
    table.heads({(f"InO (N={len(who)})",)})


TESTS = {
    "Neutrophils decreased": ("NEUT", "L"),
    "Platelets decreased": ("PLAT", "L"),
    "Hemoglobin decreased": ("HGB", "L"),
    "Leukocytes decreased": ("WBC", "L"),
    "Lymphocytes decreased": ("LYM", "L"),
    "ALT increased": ("ALT", "H"),
    "AST increased": ("AST", "H"),
    "Alkaline phosphatase increased": ("ALP", "H"),
    "GGT increased": ("GGT", "H"),
    "Bilirubin increased": ("BILI", "H"),
}


@recomputes("T14_3_5")
def test_shifts_of_grades_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    """The worst grade is taken here from all results in the window, not from the flag that the table reads."""
    adsl = chosen(adam, "SAFFL")
    adlb = adam("ADLB").merge(adsl[["USUBJID"]], on="USUBJID")
    adlb = adlb[adlb["PARAMCD"].isin([name for name, _ in TESTS.values()])]
    window = (adlb["ADT"] >= adlb["TRTSDT"]) & (adlb["ADT"] <= adlb["TEAEEDT"]) & (adlb["ABLFL"] != "Y")
    grades = [str(grade) for grade in range(5)]
    wanted: list[Row] = []
    for label, (name, letter) in TESTS.items():
        some = adlb[(adlb["PARAMCD"] == name) & (adlb[f"ATOXGR{letter}"] != "")]
        before = some[some["ABLFL"] == "Y"].set_index("USUBJID")[f"ATOXGR{letter}"]
        on_treatment = some[window.reindex(some.index) & (some["ONTRTFL"] == "Y")]
        worst = on_treatment.groupby("USUBJID")[f"ATOXGR{letter}"].max()
        grid = pd.DataFrame({"before": before, "worst": worst}).dropna()
        wanted += [[label, *[""] * 6]]
        for arm, word in ((INO, "InO"), (SC, "SC")):
            ids = adsl.loc[adsl["TRT01A"] == arm, "USUBJID"]
            part = grid[grid.index.isin(ids)]
            wanted += [[f"  {word} (N={len(ids)})", *[""] * 6]]
            for grade in (*grades, ""):
                row = part[(part["before"] == grade) | (grade == "")]
                cells = [count(int((row["worst"] == other).sum()), len(part)) for other in grades]
                wanted += [[f"    {f'Grade {grade}' if grade else 'Total'}", *cells, count(len(row), len(part))]]
    table = whole("T14_3_5")
    table.rows(wanted)
    table.sizes([int((adsl["TRT01A"] == arm).sum()) for arm in (INO, SC)])
