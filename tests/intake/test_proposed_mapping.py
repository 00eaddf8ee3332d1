"""A first mapping: only what names and values say, each line with its reason; no value is guessed into a codelist."""

import pytest

from sdtm2adam.build.study import Inputs, lint
from sdtm2adam.intake.domains import domain_of
from sdtm2adam.intake.starter import housekeeping_in, propose_starter
from sdtm2adam.intake.survey import survey
from sdtm2adam.spec.library import read_specs

AE = """
PATIENT,RECORDID,AETERM,AESTDAT,AESTTIM,AESEV,AEOUT,AETOXGR,EXTRA
1-1,1,Headache,25 JAN 2020,10:00,Mild,Resolved,2,x
1-1,2,Nausea,UN FEB 2020,,Severe,Fatal,1,
1-2,3,,,,,,,
"""


def proposed(folder, **files):
    """The files of the study that is proposed from raw files of these texts."""
    (folder / "raw").mkdir(parents=True)
    for form, text in files.items():
        (folder / "raw" / f"{form}.csv").write_text(text.lstrip(), encoding="utf-8")
    starter = propose_starter(survey(folder / "raw", housekeeping=housekeeping_in), "raw")
    for name, text in starter.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert lint(read_specs(folder), Inputs()) > 0
    return starter


def said(text: str, word: str) -> str:
    """The line of a file that begins with a word, without its comment."""
    return next(line for line in text.splitlines() if line.strip().startswith(word)).split("  #")[0].strip()


def test_columns_with_the_names_of_variables_are_mapped_and_dates_with_their_times(tmp_path):
    text = proposed(tmp_path, AE=AE).files["specs/sdtm/AE.yaml"]
    assert said(text, "AETERM:") == "AETERM: AETERM"
    assert said(text, "AESTDTC:") == "AESTDTC: [AESTDAT, AESTTIM]"
    assert said(text, "AESEV:") == "AESEV: AESEV"
    assert said(text, "AESPID:") == "AESPID: \"'AE-' || cast(RECORDID as varchar)\""
    assert said(text, "where:") == "where: AETERM is not null"
    assert said(text, "keys:") == "keys: [AESTDTC, AETERM, AESPID]"


def test_a_column_whose_answers_the_codelist_lacks_is_not_mapped_and_the_reason_is_told(tmp_path):
    starter = proposed(tmp_path, AE=AE)
    assert "AEOUT" not in starter.files["specs/sdtm/AE.yaml"]
    assert starter.unmapped["AE"]["AEOUT"] == ("has the name of AEOUT, but its codelist lacks 'Resolved': write a map")
    assert starter.unmapped["AE"]["EXTRA"] == ""
    assert 'AEOUT: "PROPOSAL - has the name of AEOUT' in starter.files["specs/raw/AE.yaml"]


def test_what_the_study_shares_is_taken_from_the_files(tmp_path):
    text = proposed(tmp_path, AE=AE, DM="STUDY,PATIENT,SEX\nS-9,1-1,F\nS-9,1-2,M\n").files["study.yaml"]
    assert said(text, "study:") == "study: S-9"
    assert said(text, "dates:") == "dates: {formats: [DD MON YYYY], missing: [UN]}"
    assert said(text, "subject:") == (
        "subject: {column: PATIENT, usubjid: \"'S-9-' || PATIENT\", siteid: \"split_part(PATIENT, '-', 1)\"}"
    )


def test_day_and_month_that_no_value_tells_apart_are_left_to_a_person(tmp_path):
    text = proposed(tmp_path, AE="PATIENT,AETERM,AESTDAT\n1,a,01/02/2020\n2,b,02/03/2020\n").files["study.yaml"]
    assert "dates:" not in text.replace("# PROPOSAL: dates", "")
    assert "dates of AESTDAT are DD/MM/YYYY or MM/DD/YYYY; no value tells which: say it" in text


def test_results_in_columns_of_their_own_become_records_with_their_units(tmp_path):
    wide = """
PATIENT,RECORDID,VSDAT,TEMP,TEMP_U,PULSE,WEIGHT,NOTE
1,1,01 JAN 2020,36.6,C,70,,a
1,2,02 JAN 2020,37,C,71,80.5,b
"""
    text = proposed(tmp_path, VS=wide).files["specs/sdtm/VS.yaml"]
    assert said(text, "TEMP:") == "TEMP: {VSORRES: TEMP, VSORRESU: TEMP_U}"
    assert said(text, "PULSE:") == "PULSE: {VSORRES: PULSE}"
    assert said(text, "VSTEST:") == "VSTEST: auto"
    assert "not in standard units yet" in text


def test_results_in_rows_keep_the_tests_that_the_file_names(tmp_path):
    long = """
PATIENT,RECORDID,VSDAT,VSTESTCD,VSORRES,VSORRESU
1,1,01 JAN 2020,TEMP,36.6,C
1,2,01 JAN 2020,PULSE,71,beats/min
"""
    text = proposed(tmp_path, VS=long).files["specs/sdtm/VS.yaml"]
    assert said(text, "VSTESTCD:") == "VSTESTCD: VSTESTCD"
    assert said(text, "VSTEST:") == "VSTEST: auto"
    assert said(text, "VSSTRESU:") == "VSSTRESU: VSORRESU"
    assert "unpivot" not in text


def test_names_that_are_words_of_sql_make_a_spec_that_can_be_read(tmp_path):
    text = proposed(tmp_path, AE="PATIENT,SELECT_NO,ORDER,AETERM\n1,1,1,a\n1,1,2,a\n2,1,1,b\n")
    assert "'AE-' || cast(" in said(text.files["specs/sdtm/AE.yaml"], "AESPID:")
    assert "ORDER" in said(text.files["specs/sdtm/AE.yaml"], "AESPID:")


def test_records_saved_twice_are_kept_once_by_the_spec(tmp_path):
    text = proposed(tmp_path, AE="PATIENT,AETERM,AESTDAT\n1,a,2020-01-01\n1,a,2020-01-01\n2,b,2020-01-02\n")
    assert "dedupe: {by: all}" in text.files["specs/sdtm/AE.yaml"]
    assert "# key: [PATIENT] would be one, but 1 record is saved twice" in text.files["specs/raw/AE.yaml"]


@pytest.mark.parametrize(
    ("form", "columns", "domain"),
    [
        ("AE", [], "AE"), ("AE_RAW", [], "AE"), ("EX_2", [], "EX"), ("VITALS", [], "VS"), ("ENROLMENT", [], "DM"),
        ("F17", ["CMTRT", "CMDOSE", "CMSTDAT", "CMROUTE"], "CM"), ("F18", ["IT_SYSBP", "DIABP", "PULSE"], "VS"),
        ("F19", ["A", "B"], ""), ("TAE", [], ""),
    ],
)  # fmt: skip
def test_a_form_has_a_domain_by_its_name_or_by_its_columns(form, columns, domain):
    assert domain_of(form, columns)[0] == domain


@pytest.mark.parametrize(
    ("files", "form", "why"),
    [
        ({"DM": "PATIENT,SEX\n1,F\n1,M\n"}, "DM", "several records of a subject"),
        ({"EX": "PATIENT,EXDOSE\n1,5\n2,6\n"}, "EX", "no column is EXTRT"),
        ({"X": "PATIENT,Q\n1,5\n2,6\n"}, "X", "no domain has columns of these names"),
        ({"Y": "PATIENT,Q\n"}, "Y", "it has no record"),
    ],
)
def test_why_a_form_is_left_is_told(tmp_path, files, form, why):
    files = {**files, "AE": AE} if form != "AE" else files
    assert why in proposed(tmp_path, **files).skipped[form]
