"""Every number of the table of baseline characteristics, computed a second time from the written XPT files."""

from collections.abc import Callable

import pandas as pd
from printed_cells import count, fitted, fixed
from recomputed_statistics import (
    quartile,
)
from table_columns import NARROW, Row, columns, heads
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]


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


@recomputes("T14_1_2")
def test_baseline_characteristics_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    adsl = adam("ADSL")[lambda all_: all_["ITTFL"] == "Y"]
    parts = columns(adsl)
    wanted = [row for label, variable, what in CHARACTERISTICS for row in characteristic(parts, label, variable, what)]
    table = whole("T14_1_2")
    table.rows(wanted)
    table.heads(heads(adsl))
