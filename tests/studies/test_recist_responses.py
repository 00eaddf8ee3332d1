"""ADRS of the public study on random assessments: the spec against RECIST 1.1 read out assessment by assessment."""

import datetime as dt
import random
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdtm2adam.build.study import Inputs, build
from sdtm2adam.spec.library import read_specs

STUDY = Path(__file__).resolve().parent / "pharmaverse"
FIRST = dt.date(2014, 1, 1)
CR, PR, SD, NON, PD, NE = "CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"
WORST = [NE, CR, PR, SD, NON, PD]
BEST = [CR, PR, SD, NON, PD, NE, "MISSING"]
SUBJECTS = 150

Assessment = tuple[dt.date, str]
Found = tuple[str, dt.date | None]


def histories(chance: random.Random) -> dict[str, list[Assessment]]:
    """Assessments of each subject, some on the same day and some before randomization."""
    found = {}
    for number in range(SUBJECTS):
        weights = chance.choice([[6, 4, 3, 0, 1, 3], [3, 6, 3, 1, 1, 3], [1, 2, 4, 2, 1, 2]])
        days = [7 * chance.randrange(-1, 22) for _ in range(chance.randrange(9))]
        found[f"S-{number:03d}"] = [
            (FIRST + dt.timedelta(day), chance.choices([CR, PR, SD, NON, PD, NE], weights)[0]) for day in days
        ]
    return found


def valid(assessments: list[Assessment]) -> list[Assessment]:
    """From randomization on the worst of each day, up to and with the first progression."""
    worst: dict[dt.date, str] = {}
    for day, response in assessments:
        if day >= FIRST:
            worst[day] = max(response, worst.get(day, NE), key=WORST.index)
    kept: list[Assessment] = []
    for day in sorted(worst):
        kept.append((day, worst[day]))
        if worst[day] == PD:
            break
    return kept


def confirmed(seen: list[Assessment], at: int) -> bool:
    """Whether a response is confirmed: at least four weeks later, with at most one NE and nothing else between."""
    day, response = seen[at]
    allowed, ending = ((CR, NE), (CR,)) if response == CR else ((CR, PR, NE), (CR, PR))
    not_evaluable, complete = 0, False
    for later, other in seen[at + 1 :]:
        not_evaluable += other == NE
        if other not in allowed or not_evaluable > 1 or (other == PR and complete):
            return False
        complete = complete or other == CR
        if other in ending and (later - day).days >= 28:
            return True
    return False


def answers(assessments: list[Assessment]) -> dict[str, Found]:
    """The parameters of one subject."""
    seen = valid(assessments)
    progress = [day for day, response in seen if response == PD]
    result = {"PD": yes(progress)}
    for prefix in ("", "C"):
        responses = [
            (day, response)
            for at, (day, response) in enumerate(seen)
            if response in (CR, PR) and (not prefix or confirmed(seen, at))
        ]
        lasting = [(day, r) for day, r in seen if r not in (PD, NE) and (day - FIRST).days >= 42]
        result[f"{prefix}RSP"] = yes([day for day, _ in responses])
        result[f"{prefix}CB"] = yes([day for day, _ in responses + lasting])
        ranked = [(BEST.index(r), day) for day, r in responses]
        ranked += [(BEST.index(NON if r == NON else SD), day) for day, r in lasting]
        ranked += [(BEST.index(PD if r == PD else NE), day) for day, r in seen]
        rank, day = min(ranked, default=(BEST.index("MISSING"), None))
        result[f"{prefix}BOR"] = best = (BEST[rank], day)
        result[f"{prefix}BCP"] = ("Y", day) if best[0] in (CR, PR) else ("N", None)
    return result


def yes(days: list[dt.date]) -> Found:
    return ("Y", min(days)) if days else ("N", None)


def derived(folder: Path, people: dict[str, list[Assessment]]) -> dict[str, dict[str, Found]]:
    """The same by the spec."""
    (folder / "specs" / "adam").mkdir(parents=True)
    shutil.copy(STUDY / "study.yaml", folder)
    shutil.copy(STUDY / "specs" / "adam" / "ADRS.yaml", folder / "specs" / "adam")
    adsl = {"STUDYID": ["S"] * len(people), "USUBJID": list(people), "RANDDT": [FIRST] * len(people)}
    adsl |= {"DTHDT": pa.nulls(len(people), pa.date32()), "BRTHDTC": pa.nulls(len(people), pa.string())}  # type: ignore[dict-item]
    rs: dict[str, list[Any]] = {name: [] for name in ("STUDYID", "USUBJID", "RSSEQ", "RSDTC", "RSSTRESC")}
    for subject, assessments in people.items():
        for number, (day, response) in enumerate(assessments, start=1):
            record = ("S", subject, float(number), day.isoformat(), response)
            for column, value in zip(rs.values(), record, strict=True):
                column.append(value)
    same = {"RSTESTCD": "OVRLRESP", "RSEVAL": "INVESTIGATOR", "VISIT": "ANY"}
    rs |= {name: [value] * len(rs["RSSEQ"]) for name, value in same.items()}
    names = ("STUDYID", "USUBJID", "TUEVAL", "TUSTRESC", "VISIT")
    tables = {"ADSL": adsl, "RS_ONCO_RECIST": rs, "TU_ONCO_RECIST": {name: pa.nulls(0, pa.string()) for name in names}}
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    built = build(read_specs(folder), Inputs(sdtm={name: folder / f"{name}.parquet" for name in tables}))
    found: dict[str, dict[str, Found]] = {subject: {} for subject in people}
    for record in built.datasets["ADRS"].frame.select(["USUBJID", "PARAMCD", "AVALC", "ADT"]).to_pylist():
        if record["PARAMCD"] not in ("OVR", "LSTA", "MDIS", "DEATH"):
            found[record["USUBJID"]][record["PARAMCD"]] = (record["AVALC"], record["ADT"])
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_responses_are_those_that_recist_gives(tmp_path: Path, seed: int) -> None:
    people = histories(random.Random(seed))
    expected = {subject: answers(assessments) for subject, assessments in people.items()}
    assert derived(tmp_path, people) == expected
    best = [one["CBOR"][0] for one in expected.values()]
    assert min(best.count(response) for response in BEST) > 0, "the histories lack a kind of response"
    assert sum(one["RSP"] != one["CRSP"] for one in expected.values()) > 10
