"""The privacy scan: what tells who a person is is told without showing it; ordinary clinical text passes."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.append(str(Path(__file__).parents[1] / "build"))

from harness import trial

from sdtm2adam.validate.kinds.privacy import PATTERNS
from sdtm2adam.validate.raw import check_raw
from sdtm2adam.validate.report import summarise_report

SHARED = Path(__file__).resolve().parents[3] / "shared"
SPEC = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.C, set: {SUBJID: SUBJECT}}"
CONTRACT = "file: C.csv\nkey: [ID]\ncolumns: {ID: {}, SUBJECT: {}, TEXT: {}, SEX: {values: [M, F]}, DAY: {type: date}}"

PERSONAL = {
    "Please write to anna.berg@hospital-zuerich.ch": "email",
    "contact: J_DOE99@mail.example.co.uk.": "email",
    "son reachable under +41 44 255 11 11": "phone",
    "Called (617) 555-0123 twice": "phone",
    "617-555-0123 is the neighbor": "phone",
    "Tel. 044/2551111": "phone",
    "mobile no: 0170 1234567": "phone",
    "DOB 12/03/1961, weight 70 kg": "birth-date",
    "born on 3 March 1961": "birth-date",
    "date of birth: 1961-03-12": "birth-date",
    "geb. 12.03.1961": "birth-date",
    "MRN 00812345": "hospital-number",
    "Hospital number: H 812345": "hospital-number",
    "medical record no. 81-23-45": "hospital-number",
    "SSN 078-05-1120": "hospital-number",
    "seen as 078-05-1120 before": "hospital-number",
    "initials: ABC": "initials",
    "Patient A. B. was seen": "initials",
    "Mrs Miller fell at home": "name",
    "per Dr. O'Brien dose was held": "name",
    "Herr Müller stürzte": "name",
    "John Smith fell at home": "name",
    "Maria J. Garcia, sister of the patient": "name",
    "surname: Kowalski": "name",
    "patient named Jürgen": "name",
}

ORDINARY = [
    "Hodgkin Lymphoma", "Parkinson's Disease", "Paul Bunnell test negative", "Thomas Test positive",
    "William Syndrome", "Ann Arbor stage IV", "Philadelphia Chromosome positive ALL",
    "Patient Died", "Subject Withdrew Consent", "Patient Received 2 units", "Mother and daughter had influenza",
    "pt. I.V. fluids", "Patient P.O. intake poor", "dose given b.i.d.", "MR Angiography", "Sr Creatinine 1.2",
    "called on 05.03.2014", "phone 12.03.2014: alive", "Telephone visit 2014-03-12 10:30",
    "WBC 1.2 10^9/L, PLT 12 000", "46,XX,t(9;22)(q34;q11.2)[20]", "BCR-ABL 0.0012 IS 2014-03-12", "1003-0003",
    "subject 1003-0003 cycle 1", "Batch 123456789", "kit number 4711", "CD22 95 percent @ baseline", "chart reviewed",
    "onset 12 March 2014", "born prematurely", "initial dose", "Initials illegible", "PEG-asparaginase",
    "St. Mary Hospital",
    "20140312", "12:30", "0.5-1.5 mg/m2", "hospital day 12345", "Grade 3 Dr advised rest",
]  # fmt: skip


def of(texts, folder):
    """The report on a form with these texts, a record each, numbered from 1."""
    made = trial(folder, SPEC, raw={"C": "ID SUBJECT TEXT SEX DAY\n1 11 a M ."}, contracts={"C": CONTRACT})
    path, none = made.raw["C"].with_suffix(".parquet"), [None] * len(texts)
    rows = {"ID": [str(n + 1) for n in range(len(texts))], "SUBJECT": ["11"] * len(texts), "TEXT": list(texts),
            "SEX": none, "DAY": ["12 MAR 1961"] * len(texts)}  # fmt: skip
    pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in rows.items()}), path)
    return check_raw(made.specs, {"C": path})


def signs(report):
    """The kinds of sign that were told, by record."""
    return {
        (key, one.source.split(" ")[0].rpartition(".")[2])
        for one in report.issues
        if one.rule == "privacy" and one.variable == "TEXT"
        for key in one.keys
    }


@pytest.mark.bad_input("B092")
def test_what_tells_who_a_person_is_is_found_under_its_kind(tmp_path):
    expected = {(f"ID={n + 1}", sign) for n, sign in enumerate(PERSONAL.values())}
    assert signs(of(PERSONAL, tmp_path)) == expected


@pytest.mark.bad_input("B092")
def test_what_was_found_is_shown_nowhere(tmp_path):
    report = of(PERSONAL, tmp_path)
    found = [one for one in report.issues if one.rule == "privacy"]
    assert {one.severity for one in found} == {"warning"}
    shown = " ".join([*map(str, found), summarise_report(report)])
    words = [word.strip(".,:") for text in PERSONAL for word in text.split() if len(word) > 4]
    secret = [word for word in words if any(letter.isdigit() or letter in "@'ü" for letter in word)]
    assert len(secret) > 15
    assert not [word for word in (*secret, *PERSONAL, "Kowalski", "Smith", "Garcia") if word in shown]


@pytest.mark.bad_input("B092")
def test_ordinary_clinical_text_passes(tmp_path):
    assert signs(of(ORDINARY, tmp_path)) == set()


def test_every_kind_is_looked_for_and_told_as_looked_at(tmp_path):
    assert {*PERSONAL.values()} == {*PATTERNS}
    report = of(["nausea", None], tmp_path)
    assert report.issues == ()
    assert report.looked_at[0].expectations >= len(PATTERNS)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the public study is not beside the repository")
def test_the_texts_of_a_real_study_have_no_false_alarm(tmp_path):
    folder = SHARED / "data" / "pharmaversesdtm" / "parquet"
    texts = set()
    for path in sorted(folder.glob("*.parquet")):
        frame = pq.read_table(path)
        for name in frame.column_names:
            if name.endswith(("TERM", "TRT", "ORRES", "REAS", "VAL", "MODIFY", "DECOD", "INDC")):
                texts |= {str(text) for text in frame[name].to_pylist() if text}
    assert len(texts) > 1000
    names = sorted(texts)
    assert [(names[int(key[3:]) - 1], sign) for key, sign in signs(of(names, tmp_path))] == []
