"""What SDTM and ADaM should say of a simulated trial: the answer key of the pipeline."""

import numpy as np
import pandas as pd
import pyarrow as pa

from sdtm2adam.simulate import dosing
from sdtm2adam.simulate.events import catalogue, draw_events, risk_end
from sdtm2adam.simulate.observation import PART
from sdtm2adam.simulate.rows import absolute
from sdtm2adam.simulate.screening import Cohort, screen
from sdtm2adam.simulate.streams import Floats, Ints
from sdtm2adam.simulate.text import join
from sdtm2adam.simulate.truth import STUDYID, Trial
from sdtm2adam.simulate.visits import plan_visits

ARMS = np.array(["INO", "SC"])


def expect(trial: Trial) -> dict[str, pa.Table]:
    """The truth as seen at the data cut-off.

    Returns:
        `subjects`: one row per randomised subject (dates, response, CD22, survival in days with its event, transplant,
        VOD); `adverse_events`: one row per event with its treatment-emergent flag.
    """
    randomised, _, _ = screen(trial)
    parts = [randomised.part(start, start + PART) for start in range(0, trial.subjects, PART)]
    pairs = [_expect_part(cohort) for cohort in parts]
    return {
        "subjects": pa.concat_tables([subjects for subjects, _ in pairs]),
        "adverse_events": pa.concat_tables([events for _, events in pairs]),
    }


def _expect_part(cohort: Cohort) -> tuple[pa.Table, pa.Table]:
    visits = plan_visits(cohort)
    doses = dosing.plan_doses(cohort, visits)
    last_dose = dosing.last_dose_day(cohort, doses)
    return _subjects(cohort, last_dose, dosing.cycles_dosed(cohort, doses)), _events(cohort, last_dose)


def _subjects(cohort: Cohort, last_dose: Floats, cycles: Ints) -> pa.Table:
    truth = cohort.truth
    until, responder = truth["until"], truth["responder"]
    first_dose = np.where(truth["treated"], truth["first_dose_day"], np.inf)
    evaluable = ~truth["cd22_missing"]
    group = np.where(evaluable, np.where(truth["cd22"] >= 90, ">=90%", "<90%"), "Missing")
    best = np.where(responder, np.where(truth["complete"], "CR", "CRi"), "None")
    frame = pd.DataFrame(
        {
            "USUBJID": _usubjid(cohort, np.arange(len(cohort))).to_pylist(),
            "ARMCD": ARMS[truth["arm"]],
            "RANDDT": _date(cohort, np.zeros(len(cohort))),
            "TRTSDT": _date(cohort, first_dose),
            "TRTEDT": _date(cohort, np.where(np.isfinite(last_dose), last_dose, np.inf)),
            "RESPDT": _date(cohort, truth["response_day"]),
            "BEST": best,
            "MRDNEG": np.where(responder, np.where(truth["mrd_negative"], "Y", "N"), ""),
            "CD22BL": np.where(evaluable, truth["cd22"], np.nan),
            "MESFBL": np.where(evaluable, truth["mesf"], np.nan),
            "CD22GR1": group,
            "PFSDAYS": truth["pfs_days"],
            "PFSEVENT": truth["failed"],
            "OSDAYS": truth["os_days"],
            "DEATH": truth["died"],
            "DTHDT": _date(cohort, _visible(truth["death_day"], until)),
            "HSCTDT": _date(cohort, _visible(truth["hsct_day"], until)),
            "HSCTDIR": np.where(truth["hsct"] & truth["hsct_direct"], "Y", "N"),
            "VODDT": _date(cohort, _visible(truth["vod_day"], until)),
            "NEWTRTDT": _date(cohort, _visible(truth["new_therapy_day"], until)),
            "CYCLES": cycles,
            "DFRCRF": np.where(truth["dfr_short"], "<12 months", ">=12 months"),
            "DFRIVRS": np.where(truth["ivrs_dfr_short"], "<12 months", ">=12 months"),
        }
    )
    return pa.Table.from_pandas(frame, preserve_index=False)


def _events(cohort: Cohort, last_dose: Floats) -> pa.Table:
    events = draw_events(cohort, last_dose)
    names = catalogue()
    risk = risk_end(cohort, last_dose)[events.who]
    emergent = (events.start >= cohort.truth["first_dose_day"][events.who]) & (events.start <= risk)
    frame = pd.DataFrame(
        {
            "USUBJID": _usubjid(cohort, events.who).to_pylist(),
            "AENO": events.number,
            "AEDECOD": np.array([name for name, _, _ in names])[events.term],
            "AEBODSYS": np.array([soc for _, _, soc in names])[events.term],
            "ASTDT": absolute(cohort, events.who, events.start).astype(np.int64).astype("datetime64[D]"),
            "AETOXGR": events.grade,
            "AESER": np.where(events.serious, "Y", "N"),
            "TRTEMFL": np.where(emergent, "Y", ""),
        }
    )
    return pa.Table.from_pandas(frame, preserve_index=False)


def _visible(day: Floats, until: Floats) -> Floats:
    return np.where(day <= until, day, np.inf)


def _usubjid(cohort: Cohort, who: np.ndarray) -> pa.Array:
    return join(f"{STUDYID}-", cohort.subject.take(pa.array(who)))


def _date(cohort: Cohort, day: Floats) -> np.ndarray:
    """Days from randomisation as dates; not a time where never."""
    whole = np.where(np.isfinite(day), cohort.day_zero + np.where(np.isfinite(day), day, 0), 0)
    dated = whole.astype(np.int64).astype("datetime64[D]")
    return np.where(np.isfinite(day), dated, np.datetime64("NaT"))
