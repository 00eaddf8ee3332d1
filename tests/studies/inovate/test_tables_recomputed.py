"""Every number of the printed tables, computed a second time from the written XPT files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from printed_cells import count, fitted, fixed, interval, p_value, ratio
from recomputed_statistics import (
    Curve,
    clopper_pearson,
    cochran_mantel_haenszel,
    cox_interaction,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    logistic_interaction,
    miettinen_nurminen,
    proportion_test,
    quartile,
)
from written_files import alternative_texts, body_rows, column_heads

Datasets = Callable[[str], pd.DataFrame]
Row = list[str]
INO, SC = "Inotuzumab Ozogamicin", "Standard of Care"
GROUPS = (1, 2, 9, 0)  # CD22 >= 90 %, < 90 %, missing; 0 = all
MONTH = 30.4375
NARROW, WIDE = 12, 25
"""Characters a cell of one column, and of the two columns of a comparison, may have."""


def in_group(frame: pd.DataFrame, group: int) -> pd.DataFrame:
    return frame if not group else frame[frame["CD22GR1N"] == group]


def columns(frame: pd.DataFrame, groups: tuple[int, ...] = GROUPS, arm: str = "TRT01P") -> list[pd.DataFrame]:
    """The rows of each column of a table, arms within CD22 groups."""
    parts = [in_group(frame, group) for group in groups]
    return [part[part[arm] == which] for part in parts for which in (INO, SC)]


def spans(frame: pd.DataFrame) -> list[pd.DataFrame]:
    return [in_group(frame, group) for group in GROUPS]


def check(printed: list[Row], wanted: list[Row]) -> None:
    """Each row and cell is as recomputed; the first that is not is told."""
    for place, (seen, should) in enumerate(zip(printed, wanted, strict=False)):
        assert seen == should, f"row {place}"
    assert len(printed) == len(wanted)


def heads(frame: pd.DataFrame, groups: tuple[int, ...] = GROUPS, arm: str = "TRT01P") -> set[tuple[str, ...]]:
    sizes = [len(part) for part in columns(frame, groups, arm)]
    return {tuple(f"{('InO', 'SC')[k % 2]} (N={n})" for k, n in enumerate(sizes))}


# --- Table 14.1.2: levels as label -> values, or a block of statistics with the decimals collected

Levels = dict[str, tuple[str, ...]]
CHARACTERISTICS: list[tuple[str, str, Levels | tuple[str, int]]] = [
    ("Age (years)", "AGE", ("n mean median quartiles range", 0)),
    ("Age group, n (%)", "AGEGR1", {"<55 years": ("<55",), "≥55 years": (">=55",)}),
    ("Sex, n (%)", "SEX", {"Male": ("M",), "Female": ("F",)}),
    (
        "Race, n (%)",
        "RACE",
        {
            "White": ("WHITE",),
            "Asian": ("ASIAN",),
            "Black": ("BLACK OR AFRICAN AMERICAN",),
            "Other": (
                "OTHER",
                "MULTIPLE",
                "AMERICAN INDIAN OR ALASKA NATIVE",
                "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER",
            ),
            "Not reported": ("NOT REPORTED", "UNKNOWN"),
        },
    ),
    (
        "Geographic region, n (%)",
        "REGION1",
        {name: (name,) for name in ("North America", "Europe", "Asia-Pacific", "Other")},
    ),
    ("BSA (m2)", "BSABL", ("n mean median range", 1)),
    ("ECOG status, n (%)", "ECOGBL", {"0": ("0",), "1": ("1",), "2": ("2",)}),
    ("Salvage (CRF), n (%)", "SALVCRF", {"1": ("1",), "2": ("2",), "Other": ("Other",)}),
    ("First remission, n (%)", "STRAT1V", {"<12 months": ("<12",), "≥12 months": (">=12",)}),
    ("Prior regimens, n (%)", "PRREGGR1", {"1": ("1",), "2": ("2",), ">2": (">2",)}),
    ("Prior HSCT, n (%)", "PRHSCTFL", {"": ("Y",)}),
    ("Ph chromosome, n (%)", "PHFL", {"Positive": ("Y",), "Negative": ("N",)}),
    (
        "Karyotype, n (%)",
        "KARYOGR1",
        {name: (name,) for name in ("t(4;11)", "Complex", "Other abnormal", "Normal")},
    ),
    ("Marrow blasts (%)", "BMBLBL", ("n median quartiles range", 0)),
    ("Marrow blasts, n (%)", "BMBLGR1", {"<50%": ("<50%",), "50% to 90%": ("50-90%",), ">90%": (">90%",)}),
    ("Peripheral blasts (/uL)", "PBBLBL", ("n median range none", 0)),
    ("WBC (10^9/L)", "WBCBL", ("n median quartiles range", 1)),
    ("Platelets (10^9/L)", "PLATBL", ("n median quartiles range", 0)),
    ("Haemoglobin (g/L)", "HGBBL", ("n median quartiles range", 0)),
    ("Extramedullary dis., n (%)", "EMDFL", {"": ("Y",)}),
    (
        "SC regimen planned [a]",
        "SCREG",
        {"FLAG": ("FLAG",), "Ara-C + mitoxantrone": ("MXN",), "High-dose Ara-C": ("HIDAC",)},
    ),
]


def characteristic(parts: list[pd.DataFrame], label: str, variable: str, what: Levels | tuple[str, int]) -> list[Row]:
    """The rows of one characteristic."""
    if isinstance(what, tuple):
        return [[label, *[""] * len(parts)], *continuous([part[variable] for part in parts], *what)]
    texts = [part[variable].map(lambda value: str(int(value)) if isinstance(value, float) else value) for part in parts]
    if "" in what:
        return [[label, *(count(int(text.isin(what[""]).sum()), len(text)) for text in texts)]]
    rows = [[f"  {name}", *(count(int(t.isin(values).sum()), len(t)) for t in texts)] for name, values in what.items()]
    known = [value for values in what.values() for value in values]
    left = [int((~text.isin(known)).sum()) for text in texts]
    missing = [["  Missing", *(count(n, len(text)) for n, text in zip(left, texts, strict=True))]] if any(left) else []
    return [[label, *[""] * len(parts)], *rows, *missing]


def continuous(parts: list[pd.Series], which: str, digits: int) -> list[Row]:
    """n, mean and so on, with the decimals collected and one or two more."""
    values = [part.dropna() for part in parts]
    more, most = digits + 1, digits + 2

    def mean(x: pd.Series) -> str:
        return f"{fixed(x.mean(), more)} ({fixed(x.std(ddof=1), most)})"

    def between(x: pd.Series) -> str:
        return f"{fixed(quartile(x, 0.25), more)}, {fixed(quartile(x, 0.75), more)}"

    made: dict[str, tuple[str, Callable[[pd.Series], str]]] = {
        "n": ("n", lambda x: str(len(x))),
        "mean": ("Mean (SD)", mean),
        "median": ("Median", lambda x: fixed(quartile(x, 0.5), more)),
        "quartiles": ("Q1, Q3", between),
        "range": ("Min, Max", lambda x: f"{fixed(x.min(), digits)}, {fixed(x.max(), digits)}"),
    }
    rows = [[f"  {made[key][0]}", *(made[key][1](x) for x in values)] for key in which.split() if key in made]
    if "none" in which:
        rows.append(["  None, n (%)", *(count(int((part == 0).sum()), len(part)) for part in parts)])
    return [[row[0], *fitted(row[1:], NARROW)] for row in rows]


def test_baseline_characteristics_are_as_recomputed(output: Path, adam: Datasets) -> None:
    adsl = adam("ADSL")[lambda all_: all_["ITTFL"] == "Y"]
    parts = columns(adsl)
    wanted = [row for label, variable, what in CHARACTERISTICS for row in characteristic(parts, label, variable, what)]
    check(body_rows(output / "tlf" / "T14_1_2.docx"), wanted)


# --- Table 14.2.1

BEST: dict[str, tuple[str, ...]] = {
    "    CR": ("CR",),
    "    CRi": ("CRi",),
    "  PR": ("PR",),
    "  Resistant disease": ("TREATMENT FAILURE",),
    "  Progressive disease": ("PD", "RELAPSED DISEASE FROM CR"),
    "  Not evaluable/missing [b]": ("INDETERMINATE RESPONSE", "NE", "MISSING"),
}


def response_frame(adam: Datasets) -> pd.DataFrame:
    """ADSL with best response and response as columns."""
    adsl = adam("ADSL")[lambda all_: all_["ITTFL"] == "Y"].set_index("USUBJID")
    adrs = adam("ADRS")
    for name in ("BORINV", "CRCRIINV"):
        rows = adrs[adrs["PARAMCD"] == name]
        assert rows["USUBJID"].is_unique
        adsl[name] = rows.set_index("USUBJID")["AVALC"].reindex(adsl.index)
    adsl["YES"] = adsl["CRCRIINV"] == "Y"
    adsl["ARM1"] = adsl["TRT01P"] == INO
    return adsl


def strata_of(frame: pd.DataFrame) -> pd.Series:
    return frame["STRAT1R"] + "/" + frame["STRAT2R"] + "/" + frame["STRAT3R"]


def compare_responses(span: pd.DataFrame) -> list[str]:
    """Difference, its limits and p-values of one CD22 group."""
    ino, sc = span[span["ARM1"]], span[~span["ARM1"]]
    x1, n1, x2, n2 = int(ino["YES"].sum()), len(ino), int(sc["YES"].sum()), len(sc)
    if min(n1, n2) < 5:
        return ["NC"] * 5
    p, fisher = proportion_test(x1, n1, x2, n2)
    return [
        fixed(100 * (x1 / n1 - x2 / n2), 1),
        interval(*miettinen_nurminen(x1, n1, x2, n2, 0.95), 1),
        interval(*miettinen_nurminen(x1, n1, x2, n2, 0.975), 1),
        p_value(p, fisher),
        p_value(cochran_mantel_haenszel(span["ARM1"], span["YES"], strata_of(span))),
    ]


def test_remissions_are_as_recomputed(output: Path, adam: Datasets) -> None:
    frame = response_frame(adam)
    parts = columns(frame)
    wanted = [["Best response, n (%)", *[""] * 8]]
    wanted += [["  CR/CRi", *(count(int(part["YES"].sum()), len(part)) for part in parts)]]
    limits = [interval(*clopper_pearson(int(part["YES"].sum()), len(part), 0.95), 1) for part in parts]
    wanted += [["    95% CI [a]", *fitted(limits, NARROW)]]
    wanted += [
        [label, *(count(int(part["BORINV"].isin(values).sum()), len(part)) for part in parts)]
        for label, values in BEST.items()
    ]
    names = ["Difference, %", "  95% CI [c]", "  97.5% CI [c]", "1-sided p-value [d]", "Stratified p-value [e]"]
    made = zip(*(compare_responses(span) for span in spans(frame)), strict=True)
    wanted += [["InO vs SC, CR/CRi rate", *[""] * 8]]
    wanted += [[f"  {name}", *cells] for name, cells in zip(names, made, strict=True)]
    known = frame[frame["CD22GR1N"].isin([1, 2])]
    p = logistic_interaction(known["ARM1"], known["YES"], known["CD22GR1N"] == 1)
    wanted += [["Interaction p-value [f]", "", "", "", p_value(p)]]
    check(body_rows(output / "tlf" / "T14_2_1.docx"), wanted)


# --- Table 14.2.6


def survival_frame(adam: Datasets) -> pd.DataFrame:
    """Overall survival in months."""
    adtte = adam("ADTTE")[lambda all_: (all_["PARAMCD"] == "OS") & (all_["ITTFL"] == "Y")].copy()
    adtte["T"] = adtte["AVAL"] / MONTH
    adtte["E"] = adtte["CNSR"] == 0
    adtte["ARM1"] = adtte["TRT01P"] == INO
    return adtte


def curve(part: pd.DataFrame) -> Curve:
    return kaplan_meier(part["T"], part["E"])


def extremes(part: pd.DataFrame) -> str:
    """Shortest and longest time, + where only censored times are so short or long."""
    ends = [part["T"].min(), part["T"].max()]
    marks = ["" if part.loc[part["T"] == end, "E"].any() else "+" for end in ends]
    return ", ".join(f"{fixed(end, 1)}{mark}" for end, mark in zip(ends, marks, strict=True))


def percent(value: float | None) -> float | None:
    return None if value is None else 100 * value


def landmark(part: pd.DataFrame, month: int) -> tuple[str, str]:
    estimate, lower, upper, _ = curve(part).at(month, 0.95)
    return fixed(percent(estimate), 1), interval(percent(lower), percent(upper), 1)


def landmark_difference(span: pd.DataFrame, month: int) -> tuple[str, str]:
    (s1, _, _, v1), (s0, _, _, v0) = (curve(span[span["ARM1"] == arm]).at(month, 0.95) for arm in (True, False))
    if s1 is None or s0 is None or v1 is None or v0 is None:
        return "NE", "(NE, NE)"
    half = 1.959963984540054 * np.sqrt(v1 + v0)
    return fixed(100 * (s1 - s0), 1), interval(100 * (s1 - s0 - half), 100 * (s1 - s0 + half), 1)


def small(span: pd.DataFrame) -> bool:
    """Too few subjects in an arm or too few events for a comparison."""
    return min(span["ARM1"].sum(), (~span["ARM1"]).sum()) < 5 or span["E"].sum() < 10


def compare_survival(span: pd.DataFrame) -> list[str]:
    """The cells of one CD22 group below the estimates of the arms."""
    if small(span):
        return ["NC"] * 9
    data = span["T"], span["E"], span["ARM1"]
    strata = strata_of(span)
    ratio_, *wide = hazard_ratio(*data, strata, 0.975)
    plain, *limits = hazard_ratio(*data)
    return [
        ratio(ratio_),
        interval(*wide, 2),
        interval(*hazard_ratio(*data, strata)[1:], 2),
        p_value(log_rank(*data, strata)),
        ratio(plain),
        interval(*limits, 2),
        p_value(log_rank(*data)),
        *landmark_difference(span, 12),
    ]


def survival_estimates(parts: list[pd.DataFrame]) -> list[Row]:
    """The Kaplan-Meier rows of the arms."""
    rows: list[Row] = [["Kaplan-Meier, months [a]", *[""] * 8]]
    for label, q in (("25th percentile", 0.25), ("Median", 0.5), ("75th percentile", 0.75)):
        rows.append([f"  {label}", *(fixed(curve(part).quantile(q), 1) for part in parts)])
        limits = [interval(*curve(part).quantile_limits(q, 0.95), 1) for part in parts]
        rows.append(["    95% CI", *fitted(limits, NARROW)])
    rows.append(["  Min, Max [b]", *fitted([extremes(part) for part in parts], NARROW)])
    rows.append(["Survival rate, % [c]", *[""] * 8])
    for month in (3, 6, 12, 24):
        estimates = [landmark(part, month) for part in parts]
        rows.append([f"  Month {month}", *(estimate for estimate, _ in estimates)])
        rows.append(["    95% CI", *fitted([limits for _, limits in estimates], NARROW)])
    follow = [kaplan_meier(part["T"], ~part["E"]).quantile(0.5) for part in parts]
    rows.append(["Median follow-up, mo. [d]", *(fixed(value, 1) for value in follow)])
    return rows


def test_overall_survival_is_as_recomputed(output: Path, adam: Datasets) -> None:
    frame = survival_frame(adam)
    parts = columns(frame)

    def numbers(label: str, choose: Callable[[pd.DataFrame], pd.Series]) -> Row:
        return [label, *(count(int(choose(part).sum()), len(part)) for part in parts)]

    wanted = [numbers("Events, n (%)", lambda p: p["E"]), numbers("  Death", lambda p: p["EVNTDESC"] == "Death")]
    wanted += [numbers("Censored, n (%)", lambda p: ~p["E"])]
    for why in ("Alive at data cut-off", "Withdrew consent", "Lost to follow-up"):
        wanted.append(numbers(f"  {why}", lambda p, why=why: ~p["E"] & (p["CNSDTDSC"] == why)))
    wanted += survival_estimates(parts)
    compared = list(zip(*(compare_survival(span) for span in spans(frame)), strict=True))
    names = ["Hazard ratio", "  97.5% CI", "  95% CI", "1-sided log-rank p-value"]
    wanted += [["InO vs SC, stratified [e]", *[""] * 8]]
    wanted += [[f"  {name}", *cells] for name, cells in zip(names, compared[:4], strict=True)]
    wanted += [["InO vs SC, unstratified", *[""] * 8]]
    names = ["Hazard ratio", "  95% CI", "1-sided log-rank p-value"]
    wanted += [[f"  {name}", *cells] for name, cells in zip(names, compared[4:7], strict=True)]
    wanted += [["Month 12 difference, %", *compared[7]], ["  95% CI", *compared[8]]]
    known = frame[frame["CD22GR1N"].isin([1, 2])]
    p = cox_interaction(known["T"], known["E"], known["ARM1"], known["CD22GR1N"] == 1)
    wanted += [["Interaction p-value [f]", "", "", "", p_value(p)]]
    check(body_rows(output / "tlf" / "T14_2_6.docx"), wanted)


# --- Table 14.3.2.2


def test_adverse_events_are_as_recomputed(output: Path, adam: Datasets) -> None:
    adsl = adam("ADSL")[lambda all_: all_["SAFFL"] == "Y"].set_index("USUBJID")
    people = [set(part.index) for part in columns(adsl, (1, 2, 0), "TRT01A")]
    adae = adam("ADAE")[lambda all_: (all_["TRTEMFL"] == "Y") & all_["USUBJID"].isin(adsl.index)]

    def row(label: str, rows: pd.DataFrame) -> Row:
        who = set(rows["USUBJID"])
        return [label, *(count(len(who & part), len(part)) for part in people)]

    def pair(indent: str, label: str, rows: pd.DataFrame) -> list[Row]:
        severe = rows[rows["ATOXGRN"] >= 3]
        return [row(f"{indent}{label}", rows), row(f"{indent}  Grade ≥3", severe)]

    def ordered(rows: pd.DataFrame, level: str) -> list[tuple[str, pd.DataFrame]]:
        parts = list(rows.groupby(level))

        def place(part: tuple[str, pd.DataFrame]) -> tuple[int, int, str]:
            who = set(part[1]["USUBJID"])
            return -len(who & people[4]), -len(who & people[5]), part[0].casefold()

        return sorted(parts, key=place)

    wanted = pair("", "Any TEAE", adae)
    for organ, rows in ordered(adae, "AEBODSYS"):
        wanted += pair("", organ, rows)
        for term, events in ordered(rows, "AEDECOD"):
            wanted += pair("  ", term, events)
    check(body_rows(output / "tlf" / "T14_3_2_2.docx"), wanted)
    assert column_heads(output / "tlf" / "T14_3_2_2.docx") == heads(adsl, (1, 2, 0), "TRT01A")


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_2_6"])
def test_column_heads_carry_the_size_of_the_analysis_set(output: Path, adam: Datasets, name: str) -> None:
    adsl = adam("ADSL")[lambda all_: all_["ITTFL"] == "Y"]
    assert column_heads(output / "tlf" / f"{name}.docx") == heads(adsl)


# --- Figure 14.2.3


def panel(title: str, span: pd.DataFrame, stratified: bool) -> list[str]:
    """What the figure says of one panel: the box, and how many are at risk."""
    arms = {"InO": span[span["ARM1"]], "SC": span[~span["ARM1"]]}
    strata = strata_of(span) if stratified else None
    box = []
    for name, part in arms.items():
        estimate, limits = curve(part).quantile(0.5), curve(part).quantile_limits(0.5, 0.95)
        box.append(f"{name}: {int(part['E'].sum())}/{len(part)}, median {fixed(estimate, 1)} {interval(*limits, 1)}")
    data = span["T"], span["E"], span["ARM1"]
    estimate, lower, upper = hazard_ratio(*data, strata)
    box.append(f"HR (95% CI) {ratio(estimate)} {interval(lower, upper, 2)}")
    box.append(f"1-sided p {p_value(log_rank(*data, strata))}")
    months = range(0, 37, 3)
    ticks = ", ".join(str(month) for month in months)
    risk = [
        f"{name}: " + ", ".join(str(len(part) if not month else int((part["T"] >= month).sum())) for month in months)
        for name, part in arms.items()
    ]
    return [f"{title}. " + "; ".join(box), f"Number at risk at months since randomisation {ticks}:", *risk]


def test_the_figure_of_survival_says_what_was_recomputed(output: Path, adam: Datasets) -> None:
    frame = survival_frame(adam)
    title = "Figure 14.2.3: Kaplan-Meier Plot of Overall Survival by Baseline CD22 Positivity."
    first = [*panel("CD22 ≥90%", in_group(frame, 1), False), *panel("CD22 <90%", in_group(frame, 2), False)]
    second = panel("All Subjects", frame, True)
    said = [text.split("\n") for text in alternative_texts(output / "tlf" / "F14_2_3.docx")]
    assert said == [[title, *first], [title, *second]]
