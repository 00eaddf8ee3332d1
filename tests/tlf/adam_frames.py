"""Small ADaM datasets: drawn as tables in the tests, or many subjects from a fixed stream of random numbers."""

from io import StringIO

import numpy as np
import pandas as pd

NUMBERS = {"TRT01PN", "TRT01AN", "CD22GR1N", "AGE", "AVAL", "CNSR", "ASEQ", "AESEQ", "ATOXGRN", "N"}
ARMS = {1: "Inotuzumab Ozogamicin", 2: "Standard of Care"}


def drawn(table: str) -> pd.DataFrame:
    """A frame from a table with blanks between the columns; `.` is missing, `_` stands for a blank in a text."""
    frame = pd.read_csv(StringIO(table.strip()), sep=r"\s+", dtype=str, keep_default_na=False)
    for name in frame.columns:
        values = frame[name].where(frame[name] != ".", None).str.replace("_", " ")
        frame[name] = pd.to_numeric(values) if name in NUMBERS else values.astype("str")
    return frame


def adsl(table: str) -> pd.DataFrame:
    """ADSL from `USUBJID N CD22GR1N ...`: N is the arm (1 InO, 2 SC); flags are Y, arms and strata filled in."""
    frame = drawn(table)
    arm = frame.pop("N")
    filled = {
        "SUBJID": frame["USUBJID"],
        "ITTFL": "Y",
        "SAFFL": "Y",
        "TRT01P": arm.map(ARMS),
        "TRT01PN": arm,
        "TRT01A": arm.map(ARMS),
        "TRT01AN": arm,
        "STRAT1R": "<12",
        "STRAT2R": "1",
        "STRAT3R": "<55",
    }
    return frame.assign(**{name: value for name, value in filled.items() if name not in frame.columns})


def subjects(*counts: tuple[int, int, int]) -> pd.DataFrame:
    """ADSL with (arm, CD22 group, how many) subjects each."""
    rows = [(arm, group) for arm, group, count in counts for _ in range(count)]
    lines = [f"{1000 + at} {arm} {group}" for at, (arm, group) in enumerate(rows)]
    return adsl("\n".join(["USUBJID N CD22GR1N", *lines]))


def trial(size: int = 120, seed: int = 7) -> dict[str, pd.DataFrame]:
    """All datasets of a small made-up trial; the same seed gives the same trial."""
    stream = np.random.default_rng(seed)
    arm = np.where(np.arange(size) % 2 == 0, 1, 2)
    ids = np.array([f"INO-SIM-1022-{at:05d}" for at in range(size)], dtype=object)
    subject = _subjects(stream, arm, ids)
    days = np.ceil(stream.exponential(np.where(arm == 1, 300, 200))) + 1
    limit = np.ceil(stream.uniform(100, 1000, size))
    event = days <= limit
    subject["DTHFL"] = np.where(event, "Y", None)
    subject["LSTALVDT"] = subject["RANDDT"] + pd.to_timedelta(np.minimum(days, limit) - 1, "D")
    subject["DTHDT"] = subject["LSTALVDT"].where(event)
    reasons = np.array(["Alive at data cut-off", "Withdrew consent", "Lost to follow-up"], dtype=object)
    times = pd.DataFrame(
        {
            "USUBJID": ids,
            "PARAMCD": "OS",
            "AVAL": np.minimum(days, limit),
            "CNSR": np.where(event, 0, 1),
            "EVNTDESC": np.where(event, "Death", "Censored"),
            "CNSDTDSC": np.where(event, None, reasons[stream.integers(0, 3, size)]),
            "ASEQ": 1,
        }
    )
    frames = {
        "ADSL": subject,
        "ADTTE": times,
        "ADRS": _responses(stream, subject),
        "ADAE": _events(stream, subject),
    }
    return {name: _typed(frame) for name, frame in frames.items()}


def _subjects(stream: np.random.Generator, arm: np.ndarray, ids: np.ndarray) -> pd.DataFrame:
    size = len(arm)

    def pick(*values: str | None) -> np.ndarray:
        return np.array(values, dtype=object)[stream.integers(0, len(values), size)]

    age, group = stream.integers(18, 79, size), np.array([1, 2, 9])[stream.integers(0, 3, size)]
    treated = np.where((arm == 2) & (stream.random(size) < 0.15), "N", "Y")
    texts = {
        "SEX": pick("M", "F"),
        "RACE": pick("WHITE", "ASIAN", "OTHER", "MULTIPLE"),
        "REGION1": pick("North America", "Europe"),
        "ECOGBL": pick("0", "1", "2"),
        "SALVCRF": pick("1", "2"),
        "STRAT1R": pick("<12", ">=12"),
        "STRAT2R": pick("1", "2"),
        "STRAT3R": pick("<55", ">=55"),
        "STRAT1V": pick("<12", ">=12"),
        "PRREGGR1": pick("1", "2", ">2"),
        "PRHSCTFL": pick("Y", "N"),
        "PHFL": pick("Y", "N", None),
        "KARYOGR1": pick("t(4;11)", "Complex", "Normal", None),
        "BMBLGR1": pick("<50%", "50-90%", ">90%", "Missing"),
        "EMDFL": pick("Y", "N"),
        "SCREG": pick("FLAG", "MXN", "HIDAC"),
        "RESPFL": np.where(stream.random(size) < np.where(arm == 1, 0.74, 0.31), "Y", "N"),
    }
    numbers = {name: stream.integers(0, 200, size).astype(float) for name in ("PBBLBL", "WBCBL", "PLATBL", "HGBBL")}
    start = pd.Timestamp("2012-08-27") + pd.to_timedelta(stream.integers(0, 800, size), "D")
    transplant = pd.Series(start + pd.Timedelta(days=90)).where(stream.random(size) < 0.3)
    return pd.DataFrame(
        {
            "USUBJID": ids,
            "SUBJID": [name[-5:] for name in ids],
            "ITTFL": "Y",
            "SAFFL": treated,
            "TRT01P": [ARMS[at] for at in arm],
            "TRT01PN": arm,
            "TRT01A": [ARMS[at] if flag == "Y" else None for at, flag in zip(arm, treated, strict=True)],
            "TRT01AN": np.where(treated == "Y", arm, np.nan),
            "CD22GR1N": group,
            "AGE": age,
            "AGEGR1": np.where(age < 55, "<55", ">=55"),
            "BSABL": stream.normal(1.9, 0.2, size).round(1),
            "BMBLBL": stream.integers(5, 100, size).astype(float),
            "CD22BL": np.select([group == 1, group == 2], [95.5, 70.1], np.nan),
            "MESFBL": stream.integers(500, 9000, size).astype(float),
            **texts,
            **numbers,
            "RANDDT": start,
            "HSCTDT": transplant,
            "NEWTRTDT": transplant - pd.Timedelta(days=30),
        }
    )


def _responses(stream: np.random.Generator, subject: pd.DataFrame) -> pd.DataFrame:
    size, responds = len(subject), (subject["RESPFL"] == "Y").to_numpy()
    best = np.where(
        responds,
        np.array(["CR", "CRi"], dtype=object)[stream.integers(0, 2, size)],
        np.array(["PR", "TREATMENT FAILURE", "PD", "NE", "MISSING"], dtype=object)[stream.integers(0, 5, size)],
    )
    day = subject["RANDDT"] + pd.Timedelta(days=28)
    values = {
        "BORINV": (best, day),
        "BOREAC": (np.where(stream.random(size) < 0.1, "NE", best), day),
        "CRCRIINV": (np.where(responds, "Y", "N"), day.where(responds)),
        "PD": (np.where(responds, "Y", "N"), (day + pd.Timedelta(days=60)).where(responds)),
    }
    frames = [
        pd.DataFrame({"USUBJID": subject["USUBJID"], "PARAMCD": name, "AVALC": text, "ADT": date, "ASEQ": at})
        for at, (name, (text, date)) in enumerate(values.items(), start=1)
    ]
    negative = pd.DataFrame({"USUBJID": subject["USUBJID"], "PARAMCD": "MRDINV", "AVALC": "Y", "ADT": day, "ASEQ": 9})
    return pd.concat([*frames, negative[responds]], ignore_index=True)


def _events(stream: np.random.Generator, subject: pd.DataFrame) -> pd.DataFrame:
    treated = subject.loc[subject["SAFFL"] == "Y", "USUBJID"].to_numpy(dtype=object)
    who = np.repeat(treated, stream.poisson(5, len(treated)))
    term = stream.integers(0, 9, len(who))
    frame = pd.DataFrame(
        {
            "USUBJID": who,
            "AEBODSYS": np.array(["Blood", "Gut", "Skin"], dtype=object)[term % 3],
            "AEDECOD": np.array([f"Term {chr(65 + at)}" for at in range(9)], dtype=object)[term],
            "ATOXGRN": stream.integers(1, 6, len(who)).astype(float),
            "TRTEMFL": np.where(stream.random(len(who)) < 0.9, "Y", None),
        }
    )
    return frame.assign(AESEQ=frame.groupby("USUBJID").cumcount() + 1)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "str" for name in frame.columns if frame[name].dtype == object})
