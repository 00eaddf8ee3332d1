"""The made-up trial with what the tables of disposition, efficacy and CD22 read beside it."""

import numpy as np
import pandas as pd
from adam_frames import trial

STRATA = (("STRAT1", "<12", ">=12"), ("STRAT2", "1", "2"), ("STRAT3", "<55", ">=55"))
LOW, HIGH = ("NEUT", "PLAT", "HGB", "WBC", "LYM"), ("ALT", "AST", "ALP", "GGT", "BILI")


def efficacy_trial(size: int = 120, seed: int = 7) -> dict[str, pd.DataFrame]:
    """All datasets of `trial`, with more variables and parameters; the same seed gives the same trial."""
    data, stream = trial(size, seed), np.random.default_rng(seed + 1)
    data["ADSL"] = _subjects(data["ADSL"], data["ADRS"], stream)
    data["ADRS"] = pd.concat([data["ADRS"], *_mrd(data["ADSL"])], ignore_index=True)
    data["ADTTE"] = pd.concat([data["ADTTE"], *_times(data, stream)], ignore_index=True)
    data["ADCP"] = _flow(data["ADSL"], stream)
    data["ADLB"] = _grades(data["ADSL"], stream)
    return {name: _typed(frame) for name, frame in data.items()}


def _pick(stream: np.random.Generator, size: int, *values: str | None) -> np.ndarray:
    return np.array(values, dtype=object)[stream.integers(0, len(values), size)]


def _subjects(adsl: pd.DataFrame, adrs: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    size, treated, group = len(adsl), adsl["SAFFL"] == "Y", adsl["CD22GR1N"]
    status = pd.Series(_pick(stream, size, "ONGOING", "COMPLETED", "DISCONTINUED", "DISCONTINUED")).where(treated)
    reason = pd.Series(_pick(stream, size, "ADVERSE EVENT", "DEATH", "PROCEEDED TO HSCT", "PHYSICIAN DECISION", None))
    left = pd.Series(np.where(adsl["DTHFL"] == "Y", "DEATH", _pick(stream, size, "LOST TO FOLLOW-UP", None)))
    mesf = pd.Series(stream.integers(500, 9000, size).astype(float)).where(group != 9)
    cuts = np.quantile(mesf.dropna(), [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
    quartile = pd.Series([f"Q{1 + int((cuts < value).sum())}" if value == value else None for value in mesf])
    other = {f"{name}V": np.where(stream.random(size) < 0.1, first, adsl[f"{name}R"]) for name, first, _ in STRATA}
    best = adrs[adrs["PARAMCD"] == "BORINV"].set_index("USUBJID")["AVALC"]
    transplanted = adsl["HSCTDT"].notna()
    return adsl.assign(
        **other,
        BORINV=adsl["USUBJID"].map(best),
        ITT218FL=np.where(np.arange(size) < size * 2 // 3, "Y", "N"),
        EOTSTT=status,
        DCTREAS=reason.where(status == "DISCONTINUED"),
        EOSSTT=np.where(left.notna(), "DISCONTINUED", "ONGOING"),
        DCSREAS=left,
        CD22EVFL=np.where(group == 9, "N", "Y"),
        CD22NERS=pd.Series(_pick(stream, size, "No sample", "Insufficient blasts")).where(group == 9),
        CD22BL=np.select([group == 1, group == 2], [95.5, stream.integers(50, 90, size)], np.nan),
        CD22GR2N=np.where(group == 2, stream.integers(2, 4, size), group),
        MESFBL=mesf,
        MESFGR1=quartile,
        CD22LRS=_pick(stream, size, "Positive", "Negative", "Not done"),
        HSCTFL=np.where(transplanted, "Y", "N"),
        HSCTDIR=np.where(transplanted & (adsl["RESPFL"] == "Y"), "Y", "N"),
    )


def _mrd(adsl: pd.DataFrame) -> list[pd.DataFrame]:
    """MRD status of responders, every fifth not assessed."""
    who = adsl.loc[adsl["RESPFL"] == "Y", "USUBJID"].reset_index(drop=True)
    status = np.array(["NEGATIVE", "NEGATIVE", "POSITIVE", "NEGATIVE", "MISSING"], dtype=object)[
        np.arange(len(who)) % 5
    ]
    yes = np.where(status == "NEGATIVE", "Y", "N")
    made = [
        pd.DataFrame({"USUBJID": who, "PARAMCD": name, "AVALC": values, "ASEQ": number})
        for number, (name, values) in enumerate((("MRDSINV", status), ("MRDINV", yes)), start=20)
    ]
    eac = adsl.loc[adsl["ITT218FL"] == "Y", ["USUBJID", "BORINV"]].reset_index(drop=True)
    remission = np.where(eac["BORINV"].isin(["CR", "CRi"]), "Y", "N")
    return [*made, pd.DataFrame({"USUBJID": eac["USUBJID"], "PARAMCD": "CRCRIEAC", "AVALC": remission, "ASEQ": 30})]


def _times(data: dict[str, pd.DataFrame], stream: np.random.Generator) -> list[pd.DataFrame]:
    """PFS for all, DoR for responders, OSHSCT for the transplanted."""
    adsl = data["ADSL"]
    words = {
        "PFS": (("Death", "Progressive disease", "Relapse from CR/CRi"), "No event at cut-off"),
        "PFSSTD": (("Death", "Progressive disease"), "Withdrew/lost before event"),
        "DOR": (("Relapse from CR/CRi", "Death"), "In remission at cut-off"),
        "OSHSCT": (("Death",), "Alive at data cut-off"),
    }
    made = []
    for number, (name, (events, censored)) in enumerate(words.items(), start=2):
        kept = {"DOR": adsl["RESPFL"] == "Y", "OSHSCT": adsl["HSCTFL"] == "Y"}.get(name, adsl["ITTFL"] == "Y")
        who = adsl.loc[kept, "USUBJID"].reset_index(drop=True)
        event = stream.random(len(who)) < 0.7
        made.append(
            pd.DataFrame(
                {
                    "USUBJID": who,
                    "PARAMCD": name,
                    "AVAL": np.ceil(stream.exponential(150, len(who))) + 1,
                    "CNSR": np.where(event, 0, 1),
                    "EVNTDESC": np.where(event, _pick(stream, len(who), *events), "Censored"),
                    "CNSDTDSC": np.where(event, None, censored),
                    "ASEQ": number,
                }
            )
        )
    return made


def _flow(adsl: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """CD22 at relapse of half of the responders, some without baseline."""
    who = adsl.loc[adsl["RESPFL"] == "Y", "USUBJID"].reset_index(drop=True)[::2]
    frames = []
    for number, (name, top) in enumerate((("CD22POS", 99.0), ("CD22MESF", 9000.0)), start=1):
        base = pd.Series(stream.uniform(top / 2, top, len(who)).round(1)).where(stream.random(len(who)) < 0.8)
        after = (stream.uniform(0, top, len(who))).round(1)
        low = np.where(after < 20, "Y", "N") if name == "CD22POS" else None
        frames.append(
            pd.DataFrame(
                {
                    "USUBJID": who.to_numpy(),
                    "PARAMCD": name,
                    "AVISIT": "RELAPSE",
                    "AVAL": after,
                    "BASE": base,
                    "CRIT1FL": low,
                    "ASEQ": number,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _grades(adsl: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """Grade at baseline and worst grade on treatment; some have no grade at baseline, some none after."""
    who = adsl.loc[adsl["SAFFL"] == "Y", "USUBJID"].reset_index(drop=True)
    frames = []
    for number, name in enumerate((*LOW, *HIGH), start=1):
        letter = "L" if name in LOW else "H"
        frame = pd.DataFrame({"USUBJID": who, "PARAMCD": name, "ASEQ": number})
        frame[f"BTOXGR{letter}"] = _pick(stream, len(who), "0", "1", "2", None)
        frame[f"ATOXGR{letter}"] = _pick(stream, len(who), "0", "1", "2", "3", "4")
        frame["ANL02FL" if letter == "L" else "ANL03FL"] = np.where(stream.random(len(who)) < 0.9, "Y", None)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "str" for name in frame.columns if frame[name].dtype == object})
