"""Disease assessments: investigator, adjudication committee, extramedullary disease, central flow cytometry and MRD."""

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.baseline import REFERENCE_SUBJECTS
from sdtm2adam.simulate.blood import Counts
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.parameters import read_parameters
from sdtm2adam.simulate.response import CR, CRI, PR, RELAPSE, RESPONSES
from sdtm2adam.simulate.rows import absolute, assemble, table
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Ints, lognormal, whole
from sdtm2adam.simulate.text import dates, join, labels, numbers, yes_no
from sdtm2adam.simulate.truth import STUDYID
from sdtm2adam.simulate.visits import ASSESSMENT, END_OF_TREATMENT, SCREENING, SLOTS, UNSCHEDULED

_CR_CRI_SWAP, _NON_RESPONSE = 0.09, 0.03


def investigator(cohort: Cohort, counts: Counts) -> pa.Table:
    """RESP: the response and what it rests on: marrow, blood, extramedullary disease, neutrophils, platelets."""
    kept = counts.response >= 0
    at, told = counts.visits.where(kept), counts.response[kept]
    values = {test: counts.values[test][kept] for test in ("MARROW", "BLAST", "NEUT", "PLAT")}
    emd = cohort.truth["emd"][at.who]
    good = np.isin(told, (CR, CRI))
    marrow = np.searchsorted([5, 25.01, np.inf], np.nan_to_num(values["MARROW"], nan=np.inf), side="right")
    fields: dict[str, Any] = {
        "RSDAT": dates(absolute(cohort, at.who, at.day)),
        "RSYN": "Yes",
        "RESP": labels(RESPONSES, told),
        "RSBM": labels(["<5%", "5-25%", ">25%", "Not done"], marrow),
        "RSPB": labels(["Absent", "Present"], values["BLAST"] > 0),
        "RSEMD": labels(["Absent", "Present", "Resolved"], np.where(emd, np.where(good, 2, 1), 0)),
        "RSANC": yes_no(values["NEUT"] >= 1.0),
        "RSPLT": yes_no(values["PLAT"] >= 100),
        "RELSITE": labels(["Bone marrow"], np.zeros(len(told)), told == RELAPSE),
        "RSDRV": labels(["CR", "CRi", "No remission"], np.where(good, told, 2)),
    }
    return assemble(cohort, "RESP", at.who, at.day, at.folder, fields)


def committee(cohort: Cohort, counts: Counts) -> pa.Table:
    """EAC: the adjudication committee's reading of the cycle assessments of the first 218 of each 326 subjects.

    It differs from the investigator by design: some CR and CRi change places, a few remissions are not accepted.
    """
    at = counts.visits
    first = cohort.rows % REFERENCE_SUBJECTS < read_parameters("design")["adjudicated_first"]
    kept = (at.part == ASSESSMENT) & first[at.who]
    some, told = at.where(kept), counts.response[kept]
    u = cohort.uniform("committee", 4 * SLOTS).reshape(len(cohort), SLOTS, 4)[some.who, some.slot].T
    # the change holds for the subject, not for one assessment
    swap = cohort.uniform("committee by subject", 1)[some.who, 0]
    good = np.isin(told, (CR, CRI))
    changed = np.where(good & (swap < _CR_CRI_SWAP), CRI - told, told)
    changed = np.where(good & (swap > 1 - _NON_RESPONSE), PR, changed)
    dissent = (u[0] < 0.08) & good
    second = np.where(dissent, np.where(changed == CR, CRI, CR), changed)
    day = absolute(cohort, some.who, some.day)
    until = absolute(cohort, some.who, cohort.truth["until"][some.who])
    fields = {
        "SUBJ": cohort.subject.take(pa.array(some.who)),
        "CYCLE": labels([f"C{k}" for k in range(10)], some.cycle),
        "ASSESSDT": dates(day, "YYYY-MM-DD"),
        "READER1": labels(RESPONSES, changed),
        "READER2": labels(RESPONSES, second),
        "ADJUD": yes_no(dissent),
        "FINAL": labels(RESPONSES, changed),
        "FINALDT": dates(np.minimum(day + whole(u[1], 14, 60), until), "YYYY-MM-DD"),
    }
    return table(FORMS["EAC"], fields, len(some.who))


def extramedullary(cohort: Cohort, counts: Counts) -> pa.Table:
    """EMD: at screening and assessments; present where the subject has it, resolved in remission."""
    at = counts.visits
    kept = (at.slot == SCREENING) | (counts.response >= 0)
    some, told = at.where(kept), counts.response[kept]
    has = cohort.truth["emd"][some.who]
    place = (cohort.uniform("extramedullary", 1)[:, 0] * 4).astype(np.int64)[some.who]
    good = np.isin(told, (CR, CRI))
    fields = {
        "EMDAT": dates(absolute(cohort, some.who, some.day)),
        "EMDYN": yes_no(has),
        "EMDSITE": labels(["Node", "Mediastinum", "Skin", "Other"], place, has),
        "EMDRES": labels(["Absent", "Present", "Resolved"], np.where(has, np.where(good, 2, 1), 0)),
        "CSF": labels(["CNS1"], np.zeros(len(has)), some.slot == SCREENING),
    }
    return assemble(cohort, "EMD", some.who, some.day, some.folder, fields)


def central_flow(cohort: Cohort, counts: Counts) -> pa.Table:
    """CFLOW: CD22 by the central laboratory at screening and at relapse; missing samples come as QNS or not at all."""
    at, truth = counts.visits, cohort.truth
    lost_sample = cohort.uniform("central flow lost", 1)[:, 0] < 0.5
    baseline = (at.slot == SCREENING) & ~(truth["cd22_missing"] & lost_sample)[at.who]
    kept = baseline | (counts.response == RELAPSE)
    some = at.where(kept)
    who = some.who
    u = cohort.uniform("central flow", 8 * SLOTS).reshape(len(cohort), SLOTS, 8)[who, some.slot].T
    relapse = some.slot == UNSCHEDULED
    enough = relapse | ~truth["cd22_missing"][who]
    fall = np.where(truth["arm"][who] == 0, 0.55 + 0.4 * u[0], 0.9 + 0.1 * u[0])
    cd22 = np.where(relapse, np.floor(10 * truth["cd22"][who] * fall) / 10, truth["cd22"][who])
    mesf = np.where(relapse, np.rint(truth["mesf"][who] * fall), truth["mesf"][who])
    day = absolute(cohort, who, some.day)
    received = np.minimum(day + whole(u[1], 1, 4), absolute(cohort, who, truth["until"][who]))
    fields = {
        "Protocol": STUDYID,
        "Patient": cohort.subject.take(pa.array(who)),
        "Accession": accession("F", cohort, who, some.slot),
        "Visit": some.folder,
        "CollDate": dates(day, "YYYY-MM-DD"),
        "RecvDate": dates(received, "YYYY-MM-DD"),
        "Specimen": labels(["BM", "PB"], u[2] < 0.06),
        "Viability": numbers(75 + 24 * u[3], 0, enough),
        "TotalEvents": numbers(50_000 + 450_000 * u[4], 0, enough),
        "BlastPct": numbers(counts.values["MARROW"][kept], 1, enough),
        "CD22Pct": numbers(cd22, 1, enough),
        "CD22MESF": numbers(mesf, 0, enough),
        "CD19Pct": numbers(88 + 11.9 * u[5], 1, enough),
        "CD10Pct": numbers(20 + 79 * u[6], 1, enough),
        "Comment": labels(["QNS"], np.zeros(len(who)), ~enough),
    }
    return table(FORMS["CFLOW"], fields, len(who))


def minimal_residual_disease(cohort: Cohort, counts: Counts) -> pa.Table:
    """MRD: central flow at the assessments in remission on treatment; negative below 0.01 percent."""
    at, truth = counts.visits, cohort.truth
    kept = counts.remission & ((at.part == ASSESSMENT) | (at.slot == END_OF_TREATMENT))
    some = at.where(kept)
    who = some.who
    u = cohort.uniform("mrd", 3 * SLOTS).reshape(len(cohort), SLOTS, 3)[who, some.slot].T
    negative: Bools = truth["mrd_negative"][who]
    share = np.where(
        negative, np.minimum(lognormal(u[0], 1e-3, 1.0), 9e-3), np.maximum(lognormal(u[0], 0.1, 1.2), 0.0105)
    )
    events = whole(u[1], 300_000, 900_000)
    fields = {
        "USUBJID": join(f"{STUDYID}-", cohort.subject.take(pa.array(who))),
        "ACCNO": accession("M", cohort, who, some.slot),
        "COLDT": dates(absolute(cohort, who, some.day), "DDMONYYYY"),
        "SPEC": "BM",
        "MRDPCT": numbers(np.minimum(share, 99), 4),
        "MRDEVT": numbers(np.rint(events * share / 100)),
        "LOD": "0.0005",
        "LLOQ": "0.001",
        "STATUS": labels(["POSITIVE", "NEGATIVE"], negative),
    }
    return table(FORMS["MRD"], fields, len(who))


def accession(letter: str, cohort: Cohort, who: Ints, slot: Ints) -> Any:
    """The number of a sample: unique over the study."""
    return join(letter, numbers((cohort.number[who] + 1) * 100.0 + slot))
