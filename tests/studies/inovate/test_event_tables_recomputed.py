"""Every number of the tables of adverse events beside T14.3.2.2, computed a second time from the written XPT files."""

import re
from collections.abc import Callable

import pandas as pd
import pytest
from printed_cells import count, fixed
from recomputed_statistics import miettinen_nurminen
from scipy.stats import chi2
from table_columns import Row, columns, heads
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
Pair = tuple[pd.DataFrame, pd.DataFrame]
GROUPS = (1, 2, 0)
HAEMATOLOGICAL = {
    "Neutropenia": ("Neutropenia",),
    "Febrile neutropenia": ("Febrile neutropenia",),
    "Thrombocytopenia": ("Thrombocytopenia",),
    "Anaemia": ("Anaemia",),
    "Leukopenia": ("Leukopenia",),
    "Lymphopenia": ("Lymphopenia",),
    "Pancytopenia": ("Pancytopenia",),
}
HEPATOBILIARY = {
    "Hyperbilirubinaemia": ("Hyperbilirubinaemia",),
    "Transaminases increased": (
        "Alanine aminotransferase increased",
        "Aspartate aminotransferase increased",
        "Transaminases increased",
    ),
    "GGT increased": ("Gamma-glutamyltransferase increased",),
    "ALP increased": ("Blood alkaline phosphatase increased",),
    "VOD/SOS": ("Venoocclusive liver disease", "Venoocclusive disease"),
    "Ascites": ("Ascites",),
    "Hepatic failure": ("Hepatic failure",),
}


@pytest.fixture(scope="module")
def safety(adam: Datasets) -> Pair:
    """The safety population, and its events."""
    adsl = adam("ADSL")[lambda all_: all_["SAFFL"] == "Y"].set_index("USUBJID")
    return adsl, adam("ADAE")[lambda all_: all_["USUBJID"].isin(adsl.index)]


def people(adsl: pd.DataFrame) -> list[set[str]]:
    return [set(part.index) for part in columns(adsl, GROUPS, "TRT01A")]


def row(label: str, who: set[str], parts: list[set[str]]) -> Row:
    return [label, *(count(len(who & part), len(part)) for part in parts)]


def ordered(rows: pd.DataFrame, level: str, parts: list[set[str]]) -> list[tuple[str, pd.DataFrame]]:
    """Levels by subjects on InO, then on SC, of all; then by alphabet."""

    def place(part: tuple[str, pd.DataFrame]) -> tuple[int, int, str]:
        who = set(part[1]["USUBJID"])
        return -len(who & parts[-2]), -len(who & parts[-1]), part[0].casefold()

    return sorted(rows.groupby(level), key=place)


def tree(events: pd.DataFrame, parts: list[set[str]], rows: Callable[[str, str, pd.DataFrame], list[Row]]) -> list[Row]:
    """The rows of classes and of terms in them."""
    made = []
    for organ, of_organ in ordered(events, "AEBODSYS", parts):
        made += rows("", organ, of_organ)
        for term, of_term in ordered(of_organ, "AEDECOD", parts):
            made += rows("  ", term, of_term)
    return made


@recomputes("T14_3_2_1")
def test_overview_is_as_recomputed(whole: Whole, safety: Pair) -> None:
    adsl, adae = safety
    parts, events = people(adsl), adae[adae["TRTEMFL"] == "Y"]
    severe, serious = events["ATOXGRN"] >= 3, events["AESER"] == "Y"
    related = events["AEREL"] != "NOT RELATED"
    blood = events["AEDECOD"].isin([term for terms in HAEMATOLOGICAL.values() for term in terms])
    liver = events["AEDECOD"].isin([term for terms in HEPATOBILIARY.values() for term in terms])
    vod = adae["AEDECOD"].isin(HEPATOBILIARY["VOD/SOS"]) & (adae["ASTDT"] >= adae["TRTSDT"])
    in_time = adae["ASTDT"] <= adae["RANDDT"] + pd.Timedelta(days=730)
    wanted = [["Subjects with at least one, n (%)", *[""] * 6]]
    for label, rows in (
        ("TEAE", events),
        ("Treatment-related TEAE", events[related]),
        ("Grade ≥3 TEAE", events[severe]),
        ("Grade ≥3 treatment-related TEAE", events[severe & related]),
        ("Serious TEAE", events[serious]),
        ("Serious treatment-related TEAE", events[serious & related]),
        ("TEAE leading to permanent discontinuation", events[events["AEACN"] == "DRUG WITHDRAWN"]),
        ("TEAE leading to interruption or delay", events[events["AEACN"] == "DRUG INTERRUPTED"]),
        ("TEAE leading to dose reduction", events[events["AEACN"] == "DOSE REDUCED"]),
        ("TEAE leading to death (grade 5)", events[events["ATOXGRN"] == 5]),
        ("Haematological TEAE, grade ≥3 [a]", events[blood & severe]),
        ("Hepatobiliary TEAE, any grade [a]", events[liver]),
        ("Hepatobiliary TEAE, grade ≥3 [a]", events[liver & severe]),
        ("VOD/SOS at any time [b]", adae[vod & in_time]),
    ):
        wanted.append(row(f"  {label}", set(rows["USUBJID"]), parts))
    wanted.append(["Number of TEAEs (events)", *(str(events["USUBJID"].isin(part).sum()) for part in parts)])
    table = whole("T14_3_2_1")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


@recomputes("T14_3_2_3")
def test_maximum_grades_are_as_recomputed(whole: Whole, safety: Pair) -> None:
    adsl, adae = safety
    parts, events = people(adsl), adae[adae["TRTEMFL"] == "Y"]

    def graded(indent: str, label: str, rows: pd.DataFrame) -> list[Row]:
        worst = rows.groupby("USUBJID")["ATOXGRN"].max()
        made = [row(f"{indent}{label}", set(worst.index), parts)]
        made += [row(f"{indent}  Grade {at}", set(worst[worst == at].index), parts) for at in range(1, 6)]
        missing = set(worst[worst.isna()].index)
        return [*made, row(f"{indent}  Grade missing", missing, parts)] if missing else made

    wanted = [*graded("", "Any TEAE", events), *tree(events, parts, graded)]
    table = whole("T14_3_2_3")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


def severity(parts: list[set[str]]) -> Callable[[str, str, pd.DataFrame], list[Row]]:
    """Two rows: all grades, and grade 3 or higher."""

    def rows(indent: str, label: str, events: pd.DataFrame) -> list[Row]:
        severe = set(events.loc[events["ATOXGRN"] >= 3, "USUBJID"])
        return [
            row(f"{indent}{label}", set(events["USUBJID"]), parts),
            row(f"{indent}  Grade ≥3", severe, parts),
        ]

    return rows


@recomputes("T14_3_2_4")
def test_clusters_are_as_recomputed(whole: Whole, safety: Pair) -> None:
    adsl, adae = safety
    parts, events = people(adsl), adae[adae["TRTEMFL"] == "Y"]
    wanted = []
    for name, clusters in (("Haematological", HAEMATOLOGICAL), ("Hepatobiliary", HEPATOBILIARY)):
        every = events[events["AEDECOD"].isin([term for terms in clusters.values() for term in terms])]
        wanted += [[f"{name}, n (%) [a]", *[""] * 6], *severity(parts)("  ", "Any", every)]
        for label, terms in clusters.items():
            wanted += severity(parts)("  ", label, every[every["AEDECOD"].isin(terms)])
        severe = set(every.loc[every["ATOXGRN"] >= 3, "USUBJID"])
        differences = [difference(severe, *parts[at : at + 2]) for at in (0, 2, 4)]
        wanted += [["  InO vs SC, any, grade ≥3", *[""] * 6], ["    Difference, % (95% CI) [b]", *differences]]
    table = whole("T14_3_2_4")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


def difference(who: set[str], treatment: set[str], control: set[str]) -> str:
    x1, n1, x2, n2 = len(who & treatment), len(treatment), len(who & control), len(control)
    lower, upper = miettinen_nurminen(x1, n1, x2, n2, 0.95)
    return f"{fixed(100 * (x1 / n1 - x2 / n2), 1)} ({fixed(lower, 1)}, {fixed(upper, 1)})"


@recomputes("T14_3_2_5")
def test_serious_events_are_as_recomputed(whole: Whole, safety: Pair) -> None:
    adsl, adae = safety
    parts, events = people(adsl), adae[(adae["TRTEMFL"] == "Y") & (adae["AESER"] == "Y")]
    wanted = [*severity(parts)("", "Any serious TEAE", events), *tree(events, parts, severity(parts))]
    table = whole("T14_3_2_5")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


@recomputes("T14_3_2_6")
def test_events_by_action_are_as_recomputed(whole: Whole, safety: Pair) -> None:
    adsl, adae = safety
    parts, wanted = people(adsl), []
    for label, action in (
        ("TEAE leading to permanent discontinuation", "DRUG WITHDRAWN"),
        ("TEAE leading to interruption or delay", "DRUG INTERRUPTED"),
        ("TEAE leading to dose reduction", "DOSE REDUCED"),
    ):
        events = adae[(adae["TRTEMFL"] == "Y") & (adae["AEACN"] == action)]
        below = tree(events, parts, severity(parts))
        wanted += [*severity(parts)("", label, events), *([f"  {row[0]}", *row[1:]] for row in below)]
    table = whole("T14_3_2_6")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))


@recomputes("T14_3_2_7")
def test_rates_are_as_recomputed(whole: Whole, safety: Pair) -> None:
    """Each group for itself; classes and terms in the order of all subjects, those that somebody of the group has."""
    adsl, adae = safety
    events, everyone = adae[adae["TRTEMFL"] == "Y"], people(adsl)
    end = (adsl[["TEAEEDT", "LSTALVDT"]].min(axis=1) - adsl["TRTSDT"]).dt.days + 1
    wanted = []
    for group in range(3):
        arms = everyone[2 * group : 2 * group + 2]

        def rated(indent: str, label: str, rows: pd.DataFrame, arms: list[set[str]] = arms) -> list[Row]:
            severe = rows[rows["ATOXGRN"] >= 3]
            if not set(rows["USUBJID"]) & (arms[0] | arms[1]) and label != "Any TEAE":
                return []
            return [
                [f"{indent}{name}", *(rate(chosen, arm, end) for arm in arms)]
                for name, chosen in ((label, rows), ("  Grade ≥3", severe))
            ]

        wanted += [*rated("", "Any TEAE", events), *tree(events, everyone, rated)]
    table = whole("T14_3_2_7")
    table.rows(wanted, squeezed)
    table.sizes(map(len, everyone))


def squeezed(rows: list[Row]) -> list[Row]:
    """Wrapped labels in one line, the numbers of a cell with one blank between them."""
    return [[re.sub(r"\n *", " ", label), *(" ".join(cell.split()) for cell in cells)] for label, *cells in rows]


def rate(events: pd.DataFrame, arm: set[str], end: pd.Series) -> str:
    """n, patient-years, rate and Garwood's interval, from the quantiles of chi-square."""
    of_arm = events[events["USUBJID"].isin(arm)]
    first = ((of_arm["ASTDT"] - of_arm["TRTSDT"]).dt.days + 1).groupby(of_arm["USUBJID"]).min()
    days = end[end.index.isin(arm)].copy()
    days.update(first)
    n, years = first.size, days.sum() / 365.25
    lower = chi2.ppf(0.025, 2 * n) / 2 / years if n else 0.0
    upper = chi2.ppf(0.975, 2 * n + 2) / 2 / years
    return " ".join(
        (str(n), fixed(years, 1), fixed(100 * n / years, 1), f"({fixed(100 * lower, 1)}, {fixed(100 * upper, 1)})")
    )
