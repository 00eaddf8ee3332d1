"""Every row of the listing of responses, written a second time from the written XPT files."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from docx_reader import read_docx
from printed_cells import fixed
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
ARMS = {"Inotuzumab Ozogamicin": "InO", "Standard of Care": "SC"}
WORDS = {
    "TREATMENT FAILURE": "RD",
    "RELAPSED DISEASE FROM CR": "RL",
    "INDETERMINATE RESPONSE": "IND",
    "MISSING": "MISS",
}
MRD = {"NEGATIVE": "Negative", "POSITIVE": "Positive", "": ""}


def dated(date: pd.Timestamp, first: pd.Timestamp) -> str:
    """The date and its day; randomisation is day 1, the day before it day -1."""
    return "" if pd.isna(date) else f"{date:%d%b%Y} {numbered(date, first)}".upper()


def numbered(date: pd.Timestamp, first: pd.Timestamp) -> str:
    if pd.isna(date):
        return ""
    days = (date - first).days
    return str(days + 1 if days >= 0 else days)


def row_of(subject: pd.Series, answers: dict[str, pd.Series]) -> list[str]:
    """The cells of one subject, lines joined by a blank."""

    def answer(name: str) -> str:
        return str(answers[name]["AVALC"]) if name in answers else ""

    def when(name: str) -> pd.Timestamp:
        return answers[name]["ADT"] if name in answers else pd.NaT

    first = subject["RANDDT"]
    seen, read = answer("BORINV"), answer("BOREAC")
    star = "*" if seen and read and seen != read else ""
    died = subject["DTHFL"] == "Y"
    last = subject["DTHDT"] if pd.notna(subject["DTHDT"]) else subject["LSTALVDT"]
    cells = [
        subject["SUBJID"],
        "" if pd.isna(subject["CD22BL"]) else f"{fixed(subject['CD22BL'], 1)} {fixed(subject['MESFBL'], 0)}",
        f"{WORDS.get(seen, seen)} / {WORDS.get(read, read)}{star}",
        dated(when("CRCRIINV"), first),
        f"{MRD[answer('MRDSINV')]} {numbered(when('MRDSINV'), first)}",
        dated(when("PD"), first),
        dated(subject["NEWTRTDT"], first),
        dated(subject["HSCTDT"], first),
        f"{'Died' if died else 'Alive'} {dated(last, first)}",
    ]
    return [" ".join(cell.split()) for cell in cells]


def listed(path: Path) -> dict[str, list[list[str]]]:
    """The printed rows by the treatment that stands in the titles of their page."""
    pages: dict[int, str] = {}
    rows: dict[tuple[int, int], list[str]] = {}
    for page, region, row, _, text in read_docx(path.read_bytes()):
        if region == "title" and text.startswith("Treatment: "):
            pages[page] = text.removeprefix("Treatment: ")
        if region == "row":
            rows.setdefault((page, row), []).append(" ".join(text.split()))
    found: dict[str, list[list[str]]] = {}
    for (page, _), cells in rows.items():
        if any(cells):
            found.setdefault(pages[page], []).append(cells)
    return found


@recomputes("L16_2_6_1")
def test_every_row_of_the_listing_is_as_written_again(whole: Whole, output: Path, adam: Datasets) -> None:
    adsl = adam("ADSL")[lambda all_: all_["ITTFL"] == "Y"].sort_values(["CD22GR1N", "USUBJID"])
    answers: dict[str, dict[str, pd.Series]] = {}
    for _, record in adam("ADRS").iterrows():
        if record["PARAMCD"] in ("BORINV", "BOREAC", "CRCRIINV", "MRDSINV", "PD"):
            assert record["PARAMCD"] not in answers.setdefault(record["USUBJID"], {})
            answers[record["USUBJID"]][record["PARAMCD"]] = record
    wanted = {
        name: [row_of(row, answers.get(row["USUBJID"], {})) for _, row in adsl[adsl["TRT01P"] == arm].iterrows()]
        for arm, name in ARMS.items()
    }
    printed = listed(output / "tlf" / "L16_2_6_1.docx")
    assert list(printed) == list(wanted)
    for arm, rows in wanted.items():
        for seen, should in zip(printed[arm], rows, strict=True):
            assert seen == should
    assert sum(map(len, printed.values())) == 326
    whole("L16_2_6_1").lines([row for rows in wanted.values() for row in rows])
