"""The made-up trial with what the tables of safety read beside it."""

import numpy as np
import pandas as pd
from adam_frames import trial

SAFETY = (
    "T14_3_1",
    "T14_3_2_1",
    "T14_3_2_2",
    "T14_3_2_3",
    "T14_3_2_4",
    "T14_3_2_5",
    "T14_3_2_6",
    "T14_3_2_7",
    "T14_3_3",
    "T14_3_4",
)
"""The tables of safety but for laboratory tests."""

ACTIONS = ("DOSE NOT CHANGED", "DRUG WITHDRAWN", "DRUG INTERRUPTED", "DOSE REDUCED")
CAUSES = ("Disease under study", "Infection", "Other", "Unknown")


def safety_trial(size: int = 120, seed: int = 7) -> dict[str, pd.DataFrame]:
    """ADSL, ADAE and ADEX of the made-up trial: clusters, actions, days, doses and deaths, all from one stream."""
    stream, frames = np.random.default_rng(seed), trial(size, seed)
    adsl, adae = _subjects(stream, frames["ADSL"]), _events(stream, frames["ADSL"], frames["ADAE"])
    return {"ADSL": adsl, "ADAE": adae, "ADEX": _doses(stream, adsl)}


def _subjects(stream: np.random.Generator, adsl: pd.DataFrame) -> pd.DataFrame:
    size, dead = len(adsl), (adsl["DTHFL"] == "Y").to_numpy()
    near = stream.random(size) < 0.3
    grafted = adsl["HSCTDT"].notna().to_numpy()
    cause = np.array(CAUSES, dtype=object)[stream.integers(0, len(CAUSES), size)]
    added = {
        "TEAEDUR": stream.integers(1, 200, size).astype(float),
        "LDDTHGR1": np.where(dead, np.where(near, "<=42", ">42"), None),
        "DTH30FFL": np.where(dead & near & (stream.random(size) < 0.3), "Y", "N"),
        "DTHCGR1": np.where(dead, cause, None),
        "HSCTFL": np.where(grafted, "Y", "N"),
        "HSCT2AFL": np.where(grafted & (stream.random(size) < 0.4), "Y", "N"),
        "DTH100FL": np.where(grafted & dead & near, "Y", "N"),
        "NRMFL": np.where(grafted & dead & ~near, "Y", "N"),
    }
    return _texts(adsl.assign(**added))


def _events(stream: np.random.Generator, adsl: pd.DataFrame, adae: pd.DataFrame) -> pd.DataFrame:
    size = len(adae)

    def pick(*values: str | None) -> np.ndarray:
        return np.array(values, dtype=object)[stream.integers(0, len(values), size)]

    grade = adae["ATOXGRN"].where(stream.random(size) < 0.9)
    vod = stream.random(size) < 0.05
    added = {
        "ATOXGRN": grade,
        "ASTDY": np.where(stream.random(size) < 0.95, stream.integers(1, 250, size), np.nan),
        "AREL": pick("Y", "N"),
        "AESER": pick("Y", "N", "N"),
        "AEACN": pick(*ACTIONS),
        "CQ02NAM": pick("HEMATOLOGICAL", None),
        "CQ03NAM": pick("HEPATOBILIARY", None, None),
        "ALABGRP": pick("Neutropenia", "Anaemia", "GGT increased", None),
        "ANL01FL": np.where(vod, "Y", None),
        "AFATFL": np.where(stream.random(size) < 0.1, "Y", None),
        "ADYLDOSE": stream.integers(-30, 60, size).astype(float),
    }
    adae = adae.assign(**added)
    after = adae["USUBJID"].isin(adsl.loc[adsl["HSCTDT"].notna(), "USUBJID"]).to_numpy() & (stream.random(size) < 0.5)
    adae["APHASE"] = np.where(after, "POST-HSCT", "PRE-HSCT")
    adae["ADYHSCT"] = np.where(after, stream.integers(0, 60, size), np.nan)
    first = adae[adae["ANL01FL"] == "Y"].drop_duplicates(["USUBJID", "APHASE"]).index
    return _texts(adae.assign(AOCC01FL=np.where(adae.index.isin(first), "Y", None)))


def _doses(stream: np.random.Generator, adsl: pd.DataFrame) -> pd.DataFrame:
    treated = adsl[adsl["SAFFL"] == "Y"]
    cycles, yes = stream.integers(1, 7, len(treated)), stream.random(len(treated)) < 0.2
    regimen = np.array(["FLAG", "MXN", "HIDAC"], dtype=object)[stream.integers(0, 3, len(treated))]
    values = {
        "NCYC": (0, cycles.astype(float), cycles.astype(str)),
        "TRTDUR": (0, stream.integers(1, 180, len(treated)) / 7, None),
        "CUMDOSE": (1, stream.normal(4, 1, len(treated)), None),
        "RDI": (1, stream.normal(95, 5, len(treated)), None),
        **{name: (1, yes.astype(float), np.where(yes, "Y", "N")) for name in ("ANYDELAY", "ANYREDUC", "ANYOMIT")},
        "ANYINTER": (1, 1.0 - yes, np.where(yes, "N", "Y")),
        "SCREGA": (2, np.nan, regimen),
    }
    frames = [
        pd.DataFrame({"USUBJID": treated["USUBJID"], "PARAMCD": name, "AVAL": value, "AVALC": text, "ASEQ": at})[
            (treated["TRT01AN"] == arm) | (arm == 0)
        ]
        for at, (name, (arm, value, text)) in enumerate(values.items(), start=1)
    ]
    return _texts(pd.concat(frames, ignore_index=True))


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "str" for name in frame.columns if frame[name].dtype == object})
