"""Electrocardiograms obey their own arithmetic, and the central laboratory reads three of a visit."""

import numpy as np
import pandas as pd

Raw = dict[str, pd.DataFrame]


def numbers(frame: pd.DataFrame, *names: str) -> list[pd.Series]:
    return [pd.to_numeric(frame[name]) for name in names]


def test_qtcf_follows_from_qt_and_the_rate_printed(raw: Raw) -> None:
    central = raw["ECG"]
    qt, rr, rate, qtcf = numbers(central, "QT", "RR", "HR", "QTCF")
    assert (qtcf == np.rint(qt / np.cbrt(rr / 1000))).all()
    assert (rate == np.rint(60_000 / rr)).all()
    local = raw["EG"][raw["EG"]["EGND"].isna()]
    qt, rate, qtcf = numbers(local, "EGQT", "EGHR", "EGQTCF")
    assert (qtcf == np.rint(qt / np.cbrt(60 / rate))).all()


def test_three_recordings_a_minute_apart(raw: Raw) -> None:
    central = raw["ECG"]
    visits = central.groupby(["SUBJID", "VISIT"])
    assert (visits["REP"].agg(list).map(lambda reps: reps == ["1", "2", "3"])).all()
    times = pd.to_datetime(central["ECGDTM"], format="%m/%d/%Y %H:%M").groupby([central["SUBJID"], central["VISIT"]])
    assert (times.max() - times.min() == pd.Timedelta(minutes=2)).all()
    assert times.nunique().eq(3).all()


def test_most_visits_have_both_readings_and_they_agree(raw: Raw) -> None:
    central = raw["ECG"].assign(
        SUBJECT=raw["ECG"]["SUBJID"].str.removeprefix("INO-SIM-1022-"), DAY=raw["ECG"]["ECGDTM"]
    )
    central["DAY"] = pd.to_datetime(central["DAY"].str.slice(0, 10), format="%m/%d/%Y")
    local = raw["EG"].assign(DAY=pd.to_datetime(raw["EG"]["EGDAT"], format="%d %b %Y"))
    mean = central.assign(QTCF=numbers(central, "QTCF")[0]).groupby(["SUBJECT", "DAY"], as_index=False)["QTCF"].mean()
    both = local.merge(mean, on=["SUBJECT", "DAY"], how="left", validate="1:1")
    assert 0.9 < both["QTCF"].notna().mean() < 0.99
    assert (numbers(both, "EGQTCF")[0] - both["QTCF"]).abs().median() < 6


def test_what_is_abnormal_is_named(raw: Raw) -> None:
    local = raw["EG"][raw["EG"]["EGND"].isna()]
    rate, qtcf = numbers(local, "EGHR", "EGQTCF")
    normal = (qtcf <= 470) & rate.between(50, 100)
    assert ((local["EGINTP"] == "Normal") == normal).all()
    assert (local["EGFIND"].isna() == normal).all()
    assert (local.loc[rate > 100, "EGFIND"] != "Sinus bradycardia").all()


def test_a_recording_not_made_has_a_reason_and_no_numbers(raw: Raw) -> None:
    missed = raw["EG"][raw["EG"]["EGND"] == "1"]
    assert len(missed) > 3
    assert missed["EGNDR"].notna().all()
    assert missed[["EGHR", "EGPR", "EGQRS", "EGQT", "EGQTCF", "EGINTP", "EGTIM"]].isna().all().all()
