"""Exposure of three drawn subjects: remission on the first day of a cycle, doses omitted, a dose in another unit."""

import pyarrow as pa
import pytest
from harness import Trial, shown, trial
from laboratory_study import SPECS, SUBJECT_SPEC, settings

SUBJECTS = (
    "USUBJID SITEID AGE:integer SEX SAFFL TRT01P TRT01PN:integer TRT01A TRT01AN:integer TRTSDT:date TRTEDT:date"
    " CD22GR1 CD22GR1N:integer MESFGR1\n"
    "S1-1 1 50 M Y InO 1 InO 1 2014-01-01 2014-01-29 >=90% 1 Q1\n"
    "S1-2 1 50 F Y InO 1 InO 1 2014-01-01 2014-01-08 >=90% 1 Q1\n"
    "S1-3 1 50 F Y SC 2 SC 2 2014-01-01 2014-01-01 >=90% 1 Q1\n"
)
ANSWERS = """
USUBJID PARAMCD AVALC ADT:date RSSEQ:integer
S1-1 CRCRIINV Y 2014-01-22 1
S1-2 CRCRIINV N . .
"""
ANSWER_SPEC = """
dataset: ADRS
class: BDS
keys: [PARAMCD]
records:
  - {from: RS, copy: all}
"""
DUE = """
USUBJID ECSEQ:integer ECLNKID ECTRT ECMOOD ECOCCUR VISITNUM:float VISIT ECSTDTC ECPDOSE ECADJCRF ECINT ECADJ ECREASOC
S1-1 1 a INO PERFORMED Y 11.01 C1D1 2014-01-01 0.8 None No . .
S1-1 2 b INO PERFORMED Y 11.08 C1D8 2014-01-08 0.5 Reduced Yes Infection .
S1-1 3 . INO PERFORMED N 11.15 C1D15 . 0.5 Omitted . Infection CYTOPENIA
S1-1 4 c INO PERFORMED Y 12.01 C2D1 2014-01-22 0.5 Delayed Yes Infection .
S1-1 5 d INO PERFORMED Y 12.08 C2D8 2014-01-29 0.5 None No . .
S1-1 6 . INO PERFORMED N 13.01 C3D1 . 0.5 Omitted . Infection CYTOPENIA
S1-1 7 . INO SCHEDULED . 11.01 C1D1 . . . . . .
S1-2 1 a INO PERFORMED Y 11.01 C1D1 2014-01-01 0.8 None No . .
S1-2 2 b INO PERFORMED Y 11.08 C1D8 2014-01-08 0.5 None No . .
S1-3 1 a ARA PERFORMED Y 11.01 C1D1 2014-01-01 . . . . .
""".replace("INO", "INOTUZUMAB_OZOGAMICIN").replace("ARA", "CYTARABINE")
GIVEN = """
USUBJID EXSEQ:integer EXLNKID EXTRT EXDOSE:float EXDOSU VISITNUM:float VISIT EXSTDTC
S1-1 1 a INO 0.8 mg/m2 11.01 C1D1 2014-01-01
S1-1 2 b INO 0.4 mg/m2 11.08 C1D8 2014-01-08
S1-1 3 c INO 0.5 mg/m2 12.01 C2D1 2014-01-22
S1-1 4 d INO 0.5 mg/m2 12.08 C2D8 2014-01-29
S1-2 1 a INO 0.8 mg/m2 11.01 C1D1 2014-01-01
S1-2 2 b INO 0.9 mg 11.08 C1D8 2014-01-08
S1-3 1 a ARA 3000 mg/m2 11.01 C1D1 2014-01-01
""".replace("INO", "INOTUZUMAB_OZOGAMICIN").replace("ARA", "CYTARABINE")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    spec = (SPECS / "adam" / "ADEX.yaml").read_text(encoding="utf-8")
    data = {"DM": SUBJECTS, "RS": ANSWERS, "EC": DUE, "EX": GIVEN}
    folder = tmp_path_factory.mktemp("exposure")
    return trial(folder, SUBJECT_SPEC, ANSWER_SPEC, spec, sdtm=data, study="study: S1\n" + settings())


@pytest.fixture(scope="module")
def made(study: Trial) -> pa.Table:
    return study.build().datasets["ADEX"].frame


def told(made: pa.Table, who: str, category: str) -> dict[str, str]:
    """Parameter, with its cycle, to value."""
    found = {}
    for row in made.to_pylist():
        if row["USUBJID"] == who and row["PARCAT1"] == category:
            code = row["PARAMCD"] if category == "SUBJECT" else f"{row['PARAMCD']} {row['AVISITN']}"
            found[code] = "." if row["AVAL"] is None else f"{row['AVAL']:.6g}"
    return found


def test_a_cycle_that_starts_on_the_day_of_remission_has_the_plan_of_remission(made: pa.Table) -> None:
    """No dose was given in cycle 3: it has not started."""
    assert told(made, "S1-1", "CYCLE") == {"CYCINO 1": "1.2", "CYCINO 2": "1", "CYCPLAN 1": "1.8", "CYCPLAN 2": "1.5"}


def test_parameters_of_a_subject(made: pa.Table) -> None:
    """22 of 33 tenths of a milligram: 66.7 %."""
    assert told(made, "S1-1", "SUBJECT") == {
        "ADI": "1.1", "ANYDELAY": "1", "ANYINTER": "1", "ANYOMIT": "1", "ANYREDUC": "1", "CUMDOSE": "2.2", "NCYC": "2",
        "NDELAY": "1", "NDOSE": "4", "NINTER": "2", "NOMIT": "2", "NREDUC": "1", "PDI": "1.65", "PLANDOSE": "3.3",
        "RDI": "66.6667", "TRTDUR": "4.14286",
    }  # fmt: skip


def test_a_dose_in_another_unit_is_in_no_sum_and_is_told(study: Trial, made: pa.Table) -> None:
    values = told(made, "S1-2", "SUBJECT")
    assert {code: values[code] for code in ("CUMDOSE", "RDI", "ADI", "PLANDOSE", "NCYC", "NDOSE")} == {
        "CUMDOSE": ".", "RDI": ".", "ADI": ".", "PLANDOSE": "1.8", "NCYC": "1", "NDOSE": "2",
    }  # fmt: skip
    assert told(made, "S1-2", "CYCLE")["CYCINO 1"] == "."
    issues = {issue.rule: issue.records for issue in study.build().issues}
    assert issues["ADEX-UNIT"] == 1
    assert "ADEX-CYCLE" not in issues


def test_standard_of_care_has_its_own_parameters(made: pa.Table) -> None:
    assert told(made, "S1-3", "SUBJECT") == {"CUMARA": "3000", "NCYC": "1", "SCREGA": "3", "TRTDUR": "0.142857"}
    regimen = made.filter(pa.compute.equal(made["PARAMCD"], "SCREGA"))
    assert shown(regimen, "AVALC")[1:] == ["HIDAC"]
