"""The listings of disposition, of times to event and of serious events, written a second time from the XPT files."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from docx_reader import read_docx
from printed_cells import fixed
from test_listing_recomputed import ARMS
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
GROUPS = {">=90%": "≥90%", "<90%": "<90%", "Missing": "Missing"}
OUTCOMES = {
    "RECOVERED/RESOLVED": "Resolved",
    "RECOVERED/RESOLVED WITH SEQUELAE": "With sequelae",
    "RECOVERING/RESOLVING": "Resolving",
    "NOT RECOVERED/NOT RESOLVED": "Not resolved",
    "FATAL": "Fatal",
}
ACTIONS = {
    "DOSE NOT CHANGED": "None",
    "DRUG INTERRUPTED": "Interrupted",
    "DOSE REDUCED": "Reduced",
    "DRUG WITHDRAWN": "Withdrawn",
    "NOT APPLICABLE": "NA",
}


def printed(output: Path, name: str, title: int, grouped: int) -> dict[str, list[list[str]]]:
    """The rows by the title line of that number; blanks squeezed, grouped cells filled from the row above."""
    titles: dict[int, list[str]] = {}
    rows: dict[tuple[int, int], list[str]] = {}
    for page, region, row, _, text in read_docx((output / "tlf" / f"{name}.docx").read_bytes()):
        if region == "title":
            titles.setdefault(page, []).append(text.strip())
        if region == "row":
            rows.setdefault((page, row), []).append(" ".join(text.split()))
    found: dict[str, list[list[str]]] = {}
    above = [""] * grouped
    for (page, _), cells in rows.items():
        if any(cells[:grouped]):
            above = cells[:grouped]
        if any(cells):
            found.setdefault(titles[page][title], []).append([*above, *cells[grouped:]])
    return found


def day(date: pd.Timestamp) -> str:
    return "" if pd.isna(date) else f"{date:%d%b%Y}".upper()


def number(date: pd.Timestamp, first: pd.Timestamp) -> str:
    days = (date - first).days if pd.notna(date) else None
    return "" if days is None else str(days + 1 if days >= 0 else days)


def shortest(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.15g}"


def squeezed(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def subject_row(subject: pd.Series) -> list[str]:
    star = "*" if subject["STRATAR"] != subject["STRATAV"] else ""
    central = "" if pd.isna(subject["CD22BL"]) else fixed(subject["CD22BL"], 1)
    bright = "" if pd.isna(subject["MESFBL"]) else fixed(subject["MESFBL"], 0)
    return [
        subject["SUBJID"],
        squeezed(fixed(subject["AGE"], 0), subject["SEX"], subject["RACE"]),
        squeezed(day(subject["RANDDT"]), day(subject["TRTSDT"]), day(subject["TRTEDT"])),
        squeezed(day(subject["EOTDT"]), subject["DCTREAS"]),
        squeezed(subject["EOSSTT"], subject["DCSREAS"], day(subject["LSTALVDT"])),
        squeezed(day(pd.to_datetime(subject["DTHDTC"] or None)), subject["DTHCGR1"]),
        squeezed(subject["STRATAR"] + star, subject["STRATAV"]),
        squeezed(
            shortest(subject["ECOGBL"]),
            "Ph+" if subject["PHFL"] == "Y" else "Ph-",
            "Yes" if subject["PRHSCTFL"] == "Y" else "No",
        ),
        shortest(subject["BMBLBL"]),
        squeezed(subject["CD22NERS"], central, bright),
        squeezed(shortest(subject["CD22LBL"]), subject["CD22LRS"]),
    ]


@recomputes("L16_2_4")
def test_every_subject_of_the_listing_of_disposition(whole: Whole, output: Path, adam: Datasets) -> None:
    found = printed(output, "L16_2_4", -1, 1)
    adsl = adam("ADSL").sort_values("USUBJID")
    for arm, label in ARMS.items():
        wanted = [subject_row(subject) for _, subject in adsl[adsl["TRT01P"] == arm].iterrows()]
        assert found[f"Treatment: {label}"] == wanted
    assert sum(map(len, found.values())) == len(adsl)
    whole("L16_2_4").lines([row for rows in found.values() for row in rows], 1)


@recomputes("L16_2_6_2")
def test_every_time_to_event(whole: Whole, output: Path, adam: Datasets) -> None:
    found = printed(output, "L16_2_6_2", -1, 1)
    names = adam("ADSL").set_index("USUBJID")["SUBJID"]
    times = adam("ADTTE").sort_values(["USUBJID", "ASEQ"])
    for arm, label in ARMS.items():
        wanted = [
            [
                names[row["USUBJID"]],
                row["PARAMCD"],
                day(row["STARTDT"]),
                day(row["ADT"]),
                shortest(row["AVAL"]),
                shortest(row["CNSR"]),
                row["EVNTDESC"],
                row["CNSDTDSC"],
                squeezed(f"{row['SRCDOM']}.{row['SRCVAR']}", shortest(row["SRCSEQ"])),
            ]
            for _, row in times[times["TRT01P"] == arm].iterrows()
        ]
        assert found[f"Treatment: {label}"] == wanted
    assert sum(map(len, found.values())) == len(times)
    whole("L16_2_6_2").lines([row for rows in found.values() for row in rows], 1)


def event_row(event: pd.Series, subject: pd.Series) -> list[str]:
    first = subject["TRTSDT"]
    start, end = pd.to_datetime(event["AESTDTC"] or None), pd.to_datetime(event["AEENDTC"] or None)
    going_on = "Ongoing" if event["AEENRTPT"] == "ONGOING" else ""
    return [
        *heads(subject),
        squeezed(event["AEBODSYS"], event["AEDECOD"], event["AETERM"]),
        squeezed(day(start), number(start, first)),
        squeezed(day(end), going_on, number(end, first)),
        event["AETOXGR"],
        {"RELATED": "Yes", "NOT RELATED": "No"}[event["AEREL"]],
        ACTIONS[event["AEACN"]],
        OUTCOMES[event["AEOUT"]],
        last_days(subject),
    ]


def death_row(subject: pd.Series) -> list[str]:
    died = pd.to_datetime(subject["DTHDTC"])
    return [
        *heads(subject),
        squeezed("Death, cause:", subject["DTHCGR1"], "As collected:", subject["DTHCAUS"]),
        squeezed(day(died), number(died, subject["TRTSDT"])),
        "", "", "", "",
        f"{shortest(subject['LDDTHELD'])} days after last dose",
        last_days(subject),
    ]  # fmt: skip


def heads(subject: pd.Series) -> list[str]:
    return [subject["SUBJID"], squeezed(ARMS[subject["TRT01A"]], GROUPS[subject["CD22GR1"]])]


def last_days(subject: pd.Series) -> str:
    first = subject["TRTSDT"]
    return squeezed(number(subject["TRTEDT"], first), number(subject["HSCTDT"], first))


@recomputes("L16_2_7")
def test_every_serious_event_death_and_vod(whole: Whole, output: Path, adam: Datasets) -> None:
    found = printed(output, "L16_2_7", -1, 2)
    adsl = adam("ADSL")[lambda all_: all_["SAFFL"] == "Y"].sort_values(["TRT01AN", "CD22GR1N", "USUBJID"])
    place = {name: at for at, name in enumerate(adsl["USUBJID"])}
    subjects = adsl.set_index("USUBJID", drop=False)
    events = adam("ADAE")[lambda all_: all_["USUBJID"].isin(place)]
    events = events.assign(AT=events["USUBJID"].map(place)).sort_values(["AT", "AESEQ"])

    def rows(chosen: pd.DataFrame) -> list[list[str]]:
        return [event_row(event, subjects.loc[event["USUBJID"]]) for _, event in chosen.iterrows()]

    serious = events[(events["AESER"] == "Y") & (events["TRTEMFL"] == "Y")]
    assert found["Serious treatment-emergent adverse events"] == rows(serious)
    assert found["VOD/SOS, whenever it began"] == rows(events[events["CQ01NAM"] == "VOD/SOS"])
    died = adsl[adsl["DTHFL"] == "Y"]
    assert found["Deaths"] == [death_row(subject) for _, subject in died.iterrows()]
    assert len(serious) > 100
    assert len(died) > 200
    assert len(found) == 3
    whole("L16_2_7").lines([row for rows in found.values() for row in rows], 2)
