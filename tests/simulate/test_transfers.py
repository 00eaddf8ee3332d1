"""Two transfers: the first is what had been entered by its cut, and what changed is told record by record."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sdtm2adam.simulate import KINDS, changes, choose_kinds, first_transfer, plant
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.mess import Log
from sdtm2adam.simulate.mess.dates import date_columns
from sdtm2adam.simulate.mess.drift import drift
from sdtm2adam.simulate.mess.scene import Forms, Scene
from sdtm2adam.simulate.transfer import CHANGES, FIRST_CUT, log_of

CUT = pd.Timestamp(FIRST_CUT)


@pytest.fixture(scope="module")
def first(forms: Forms) -> Forms:
    return first_transfer(forms, 8)


@pytest.fixture(scope="module")
def told(first: Forms, forms: Forms) -> pd.DataFrame:
    return changes(first, forms).to_pandas()


def test_most_subjects_are_randomised_by_the_first_cut(first: Forms, forms: Forms) -> None:
    assert 270 <= first["IVRS"].num_rows <= 310
    assert forms["IVRS"].num_rows == 326


def test_nothing_was_saved_and_nothing_is_dated_after_the_cut(first: Forms) -> None:
    looked_at = 0
    for form, rows in first.items():
        frame = rows.to_pandas()
        if "SAVETS" in frame:
            assert pd.to_datetime(frame["SAVETS"].str[:11], format="%d %b %Y").max() <= CUT
        for column in date_columns(Scene(first, 0), form):
            shape = {"DD MON YYYY": "%d %b %Y", "DDMONYYYY": "%d%b%Y", "YYYY-MM-DD": "%Y-%m-%d"}[FORMS[form].dates]
            days = pd.to_datetime(frame[column], format=shape, errors="coerce").dropna()
            looked_at += len(days)
            assert not (days > CUT).any(), (form, column)
    assert looked_at > 10_000


def test_what_ended_after_the_cut_was_going_on(first: Forms, forms: Forms) -> None:
    for form, end, ongoing in (("AE", "AEENDAT", "AEONGO"), ("CM", "CMENDAT", "CMONGO")):
        before, after = (each[form].to_pandas().set_index("RECORDID") for each in (first, forms))
        ended = pd.to_datetime(after.loc[before.index, end], format="%d %b %Y") > CUT
        assert ended.sum() > 10
        assert before.loc[ended, end].isna().all()
        assert (before.loc[ended, ongoing] == "Yes").all()
        assert (before.loc[ended, f"{ongoing}_STD"] == "1").all()


def test_no_death_is_known_before_it_happened(first: Forms) -> None:
    died = set(first["DEATH"]["SUBJECT"].to_pylist())
    ae = first["AE"].to_pandas()
    assert set(ae.loc[ae["AEOUT"] == "Fatal", "SUBJECT"]) <= died | late(first)
    assert set(ae.loc[ae["GRADE"] == "Grade 5", "AEOUT"]) <= {"Fatal"}


def late(first: Forms) -> set[str]:
    """Subjects said to be dead by a contact, whose death form came late."""
    surv = first["SURV"].to_pandas()
    return set(surv.loc[surv["SVSTAT"] == "Dead", "SUBJECT"])


def test_the_changes_lead_from_one_transfer_to_the_other(first: Forms, forms: Forms, told: pd.DataFrame) -> None:
    assert tuple(told.columns) == CHANGES
    assert set(told["change"]) == {"new", "changed", "gone"}
    for form in forms:
        scenes = [Scene(each, 0) for each in (first, forms)]
        before, after = (set(scene.key(form).to_pylist()) for scene in scenes)
        lines = told[told["form"] == form]
        assert set(lines.loc[lines["change"] == "new", "RECORDID"]) == after - before
        assert set(lines.loc[lines["change"] == "gone", "RECORDID"]) == before - after
        if FORMS[form].kind != "form":
            continue
        rows = first[form].to_pandas().fillna("").set_index("RECORDID")
        for line in lines[lines["change"] == "changed"].itertuples():
            assert rows.loc[line.RECORDID, line.column] == line.before
            rows.loc[line.RECORDID, line.column] = line.after
        later = forms[form].to_pandas().fillna("").set_index("RECORDID")
        kept = rows.index.isin(later.index)
        pd.testing.assert_frame_equal(rows[kept].sort_index(), later.loc[rows.index[kept]].sort_index())


def test_some_records_came_late_and_some_values_were_corrected(told: pd.DataFrame, forms: Forms) -> None:
    corrected = told[(told["change"] == "changed") & told["column"].isin(["PULSE", "GRADE", "WBC"])]
    assert len(corrected) > 20
    visits = forms["VISIT"].to_pandas().set_index("RECORDID")
    new = told[(told["form"] == "VISIT") & (told["change"] == "new")]["RECORDID"]
    dated = pd.to_datetime(visits.loc[new, "VISDAT"], format="%d %b %Y")
    assert (dated < CUT - pd.Timedelta(days=10)).sum() > 3


def test_a_log_of_errors_holds_for_the_transfer_it_is_of(forms: Forms) -> None:
    messy, log = plant(forms, KINDS, 3)
    first = first_transfer(messy, 3)
    lines = log_of(first, log.table())
    assert 0 < lines.num_rows < log.table().num_rows
    scene = Scene(first, 0)
    for line in lines.to_pylist():
        assert line["RECORDID"] in scene.key(line["form"]).to_pylist()[:1] or np.isin(
            line["RECORDID"], scene.key(line["form"]).to_numpy(zero_copy_only=False)
        )


def test_the_second_transfer_drifts(forms: Forms) -> None:
    log = Log()
    made = drift(forms, log)
    lines = log.table().to_pandas()
    assert set(made["AE"].column_names) - set(forms["AE"].column_names) == {"AEREPDT"}
    assert set(forms["RESP"].column_names) - set(made["RESP"].column_names) == {"RSDRV"}
    assert set(made["EOT"]["NCYC"].drop_null().to_pylist()) <= {f"{k} cycles" for k in range(7)}
    assert set(lines["column"]) == {"AEREPDT", "RSDRV", "NCYC"}
    assert (lines["kind"] == "drift").all()
    others = set(forms) - {"AE", "RESP", "EOT"}
    assert all(isinstance(made[form], pa.Table) and made[form].equals(forms[form]) for form in others)
    assert choose_kinds("30")[0].plant is None
