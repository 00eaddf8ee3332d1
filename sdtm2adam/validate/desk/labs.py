"""The key laboratory results of the profiles: blasts, platelets, neutrophils, ALT and bilirubin, as far as measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Dataset
from sdtm2adam.validate.desk.slices import as_arrow, words_of

LAB_COLUMNS = ("subject", "series", "key", "date", "text", "number", "unit", "low", "high")
"""What is told of one result. `series` is the test with its specimen; `number` is empty where there is none."""

_KEY_TESTS = (
    ("blasts", r"^BLAST", r"(?<!erythro)(?<!fibro)blasts?\b", 2),
    ("platelets", r"^PLAT$", r"^platelets?\b(?! (?:aggreg|dist|volume))", 1),
    ("neutrophils", r"^NEUT(?:SG)?$", r"^neutrophils?\b", 1),
    ("ALT", r"^ALT$", r"^alanine aminotransferase\b", 1),
    ("bilirubin", r"^BILI$", r"^(?:total )?bilirubin\b", 1),
)
_MOST_MEASURED = 5


@dataclass(frozen=True, slots=True)
class _Names:
    dataset: str
    key: str
    code: str
    test: str
    specimen: str
    date: tuple[str, ...]
    text: tuple[str, ...]
    number: str
    unit: str
    low: str
    high: str


_SOURCES = (
    _Names(
        "LB", "LBSEQ", "LBTESTCD", "LBTEST", "LBSPEC", ("LBDTC",), ("LBSTRESC", "LBORRES"), "LBSTRESN", "LBSTRESU",
        "LBSTNRLO", "LBSTNRHI",
    ),
    _Names("ADLB", "ASEQ", "PARAMCD", "PARAM", "LBSPEC", ("LBDTC", "ADT"), ("AVALC",), "AVAL", "", "ANRLO", "ANRHI"),
)  # fmt: skip


def key_labs(datasets: Mapping[str, Dataset]) -> tuple[str, pa.Table]:
    """The results of the key tests, and the dataset they are from (`LAB_COLUMNS`).

    The tests are chosen by what the study has: of each kind (blasts, platelets, neutrophils, ALT, bilirubin) the test
    and specimen with most numeric results, of blasts one each of two specimens. A study that has none of them gets the
    five tests it measured most often.
    """
    names = next((one for one in _SOURCES if one.dataset in datasets), None)
    if names is None:
        return "", _table(pd.DataFrame(columns=list(LAB_COLUMNS), dtype="str"))
    asked = (names.code, names.test, names.specimen)
    tests = _filled(words_of(datasets[names.dataset], asked), asked)
    numbers = words_of(datasets[names.dataset], (names.number,))
    has_number = numbers.column(0).to_pandas().notna() if numbers.num_columns else pd.Series(False, tests.index)
    chosen = _chosen(tests, has_number, names)
    wanted = (tests[names.code] + "\n" + tests[names.specimen]).isin(["\n".join(pair) for pair in chosen])
    return names.dataset, _table(_results(datasets[names.dataset], names, wanted))


def _chosen(tests: pd.DataFrame, has_number: pd.Series, names: _Names) -> list[tuple[str, str]]:
    """The tests with their specimens, as (code, specimen)."""
    by = [names.code, names.test, names.specimen]
    counts = tests[has_number.to_numpy()].groupby(by, sort=True).size().rename("count").reset_index()
    counts = counts.sort_values(["count", *by], ascending=[False, True, True, True], kind="stable")
    found: list[tuple[str, str]] = []
    for _, code, words, most in _KEY_TESTS:
        by_code = counts[counts[names.code].str.contains(code, regex=True)]
        by_words = counts[counts[names.test].str.contains(words, case=False, regex=True)]
        some = (by_code if len(by_code) else by_words).drop_duplicates(names.specimen).head(most)
        found += list(zip(some[names.code], some[names.specimen], strict=True))
    if not found:
        some = counts.head(_MOST_MEASURED)
        found = list(zip(some[names.code], some[names.specimen], strict=True))
    return list(dict.fromkeys(found))


def _results(dataset: Dataset, names: _Names, wanted: pd.Series) -> pd.DataFrame:
    kept = Dataset(
        **{
            **{field: getattr(dataset, field) for field in dataset.__slots__},
            "frame": dataset.frame.filter(pa.array(wanted.to_numpy(dtype=bool))),
        }
    )
    asked = [
        *("USUBJID", names.key, names.code, names.test, names.specimen, *names.date, *names.text),
        *(name for name in (names.number, names.unit, names.low, names.high) if name),
    ]
    records = _filled(words_of(kept, asked), asked)
    empty = pd.Series("", records.index, dtype="str")
    date, text = empty, empty
    for name in names.date:
        date = date.where(date != "", records[name])
    for name in names.text:
        text = text.where(text != "", records[name])
    number = records[names.number]
    specimen = records[names.specimen].where(records[names.specimen] == "", " (" + records[names.specimen] + ")")
    told = pd.DataFrame(
        {
            "subject": records["USUBJID"],
            "series": records[names.test] + specimen,
            "key": records[names.key],
            "date": date,
            "text": text.where(text != "", number),
            "number": number,
            "unit": records[names.unit] if names.unit else empty,
            "low": records[names.low],
            "high": records[names.high],
        }
    )
    return told.sort_values(["subject", "series", "date", "key"], kind="stable")


def _filled(words: pa.Table, names: list[str] | tuple[str, ...]) -> pd.DataFrame:
    """Variables as text, empty where there is no value or no such variable."""
    found = words.to_pandas().astype("str").reset_index(drop=True)
    found = found.where(found.notna(), "")
    for name in names:
        if name not in found:
            found[name] = pd.Series("", found.index, dtype="str")
    return found


def _table(results: pd.DataFrame) -> pa.Table:
    columns = [as_arrow(results[name].where(results[name] != "")) for name in LAB_COLUMNS]
    return pa.table(columns, names=list(LAB_COLUMNS))
