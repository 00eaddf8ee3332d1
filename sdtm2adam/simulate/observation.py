"""From truth to the raw exports of the study: every form and feed, nothing later than the data cut-off."""

from collections.abc import Iterator

import pyarrow as pa

from sdtm2adam.simulate import (
    adverse,
    assessments,
    blood,
    clinic,
    concentrations,
    deviations,
    dosing,
    ecg,
    ending,
    entry,
    medicines,
    queries,
    questionnaires,
    transfusions,
)
from sdtm2adam.simulate.chemistry import chemistry, draw_chemistry
from sdtm2adam.simulate.coagulation import coagulation
from sdtm2adam.simulate.events import Events, draw_events
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.lab_ranges import lab_ranges
from sdtm2adam.simulate.panels import take_samples
from sdtm2adam.simulate.rows import table
from sdtm2adam.simulate.screening import Cohort, screen, site_countries, site_numbers
from sdtm2adam.simulate.serology import serology
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.urine import urine
from sdtm2adam.simulate.visits import SCREENING, Visits, plan_missed, plan_screening, plan_visits

PART = 5_000
"""Subjects observed at a time; the exports do not depend on it."""

Forms = dict[str, pa.Table]


def observe(trial: Trial) -> Forms:
    """The raw exports of a trial as sites and vendors would send them, clean.

    The data cut-off, loss to follow-up and death end the records of a subject. Screen failures come on top of the
    randomised subjects. What belongs to the design is in: partial dates in histories, strata typed wrongly at
    randomisation, missing CD22 samples, committee and investigator that differ, units that vary by site.

    Returns:
        form name -> table of text, with exactly the columns of `forms.FORMS`.
    """
    parts = list(observe_parts(trial))
    return {name: pa.concat_tables([part[name] for part in parts]).combine_chunks() for name in FORMS}


def observe_parts(trial: Trial, size: int = PART) -> Iterator[Forms]:
    """The raw exports part by part, each of at most `size` randomised subjects and the screen failures among them."""
    randomised, failures, before = screen(trial)
    for start in range(0, trial.subjects, size):
        stop = min(start + size, trial.subjects)
        first = int(before[start - 1]) if start else 0
        treated, failed = randomised.part(start, stop), failures.part(first, int(before[stop - 1]))
        some = queries.with_queries(treated, _randomised_forms(treated))
        lost = queries.with_queries(failed, _failure_forms(failed))
        together = {name: pa.concat_tables([some[name], *([lost[name]] if name in lost else [])]) for name in some}
        together["CODING"] = medicines.coding(together)
        for name, rows in (("SITES", _sites()), ("LABRANGES", lab_ranges(trial.streams))):
            together[name] = rows if not start else rows.slice(0, 0)
        yield {name: together[name] for name in FORMS}


def _randomised_forms(cohort: Cohort) -> Forms:
    visits = plan_visits(cohort)
    doses = dosing.plan_doses(cohort, visits)
    last_dose = dosing.last_dose_day(cohort, doses)
    measured = visits.measured()
    counts = blood.draw_counts(cohort, measured)
    events = draw_events(cohort, last_dose)
    return _entry_forms(cohort, failed=False) | {
        "VISIT": clinic.visit_dates(cohort, visits, plan_missed(cohort, visits)),
        "ECOG": clinic.performance(cohort, measured),
        "VS": clinic.vital_signs(cohort, measured),
        "LB_HEM": blood.haematology(cohort, counts),
        "BM": blood.marrow(cohort, counts),
        "EMD": assessments.extramedullary(cohort, counts),
        "RESP": assessments.investigator(cohort, counts),
        "EX_INO": dosing.inotuzumab(cohort, doses),
        "EX_FLAG": dosing.flag(cohort, doses),
        "EX_MXN": dosing.mitoxantrone(cohort, doses),
        "EX_HIDAC": dosing.high_dose(cohort, doses),
        "CM": medicines.concomitant(cohort, visits, events),
        "FUTX": ending.new_therapy(cohort),
        "HSCT": ending.transplant(cohort),
        "AE": adverse.adverse_events(cohort, events),
        "VOD": ending.vod_episode(cohort, adverse.vod_event(cohort, events)),
        "SURV": ending.contacts(cohort),
        "DEATH": ending.deaths(cohort, adverse.fatal_event(cohort, events)),
        "EOT": ending.end_of_treatment(cohort, last_dose, dosing.cycles_dosed(cohort, doses)),
        "EOS": ending.end_of_study(cohort),
        "IVRS": entry.randomisation(cohort),
        "CFLOW": assessments.central_flow(cohort, counts),
        "MRD": assessments.minimal_residual_disease(cohort, counts),
        "EAC": assessments.committee(cohort, counts),
        "QLQC30": questionnaires.core_30(cohort, measured),
        "EQ5D": questionnaires.five_dimensions(cohort, measured),
        "TRANSF": transfusions.transfusions(cohort, counts),
        "DV": deviations.deviations(cohort),
        "PK": concentrations.serum(cohort, doses),
        **_laboratory_forms(cohort, counts, events),
        **_heart_forms(cohort, measured),
    }


def _laboratory_forms(cohort: Cohort, counts: blood.Counts, events: Events | None) -> Forms:
    samples = take_samples(cohort, counts)
    return {
        "LB_CHEM": chemistry(draw_chemistry(samples, events)),
        "LB_COAG": coagulation(samples),
        "LB_URIN": urine(samples),
        "LB_SERO": serology(samples),
    }


def _heart_forms(cohort: Cohort, visits: Visits) -> Forms:
    heart = ecg.draw_heart(cohort, visits)
    return {"EG": ecg.local_reading(cohort, heart), "ECG": ecg.central_reading(cohort, heart)}


def _entry_forms(cohort: Cohort, failed: bool) -> Forms:
    forms = {
        "ENROL": entry.enrol(cohort),
        "IE": entry.eligibility(cohort, failed),
        "MH": medicines.medical_history(cohort),
    }
    if failed:
        return forms
    return forms | {
        "ALLHX": entry.leukemia_history(cohort),
        "PRTX": medicines.prior_therapy(cohort),
        "PRHSCT": entry.prior_transplant(cohort),
        "CYTOG": entry.cytogenetics(cohort),
        "CD22LOC": entry.local_cd22(cohort),
    }


def _failure_forms(cohort: Cohort) -> Forms:
    visits = plan_screening(cohort)
    counts = blood.draw_counts(cohort, visits)
    return _entry_forms(cohort, failed=True) | {
        "VISIT": clinic.visit_dates(cohort, visits, visits.where(visits.slot < SCREENING)),
        "ECOG": clinic.performance(cohort, visits),
        "VS": clinic.vital_signs(cohort, visits),
        "LB_HEM": blood.haematology(cohort, counts),
        "BM": blood.marrow(cohort, counts),
        **_laboratory_forms(cohort, counts, None),
        **_heart_forms(cohort, visits),
    }


def _sites() -> pa.Table:
    numbers = site_numbers()
    fields = {
        "SITEID": pa.array(numbers),
        "SITENAME": pa.array([f"Simulated Site {number}" for number in numbers]),
        "COUNTRY": pa.array(site_countries()),
        "INVID": pa.array([f"INV{number}" for number in numbers]),
        "INVNAM": pa.array([f"Simulated Investigator {number}" for number in numbers]),
    }
    return table(FORMS["SITES"], fields, len(numbers))
