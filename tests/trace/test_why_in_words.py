"""What a person reads: the story of a value, from the command line and from the library."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from finished import finish, page_study

from sdtm2adam.cli import commands
from sdtm2adam.errors import InputErrors, SpecErrors, UsageError
from sdtm2adam.trace import as_text, explain
from sdtm2adam.trace.story import plain

DOCS = Path(__file__).parents[2] / "docs" / "why.md"
EXAMPLES = re.findall(r"^```text why (.+?)\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


NOT_CONFIRMED = (
    "no record was found: the first by [LBDTC] of the records of HGB with the same USUBJID, confirmed by those after "
    "it, up to the first where dt(LBDTC) >= dt(THIS.LBDTC) + 2: bool_and(abs(LBSTRESN - THIS.LBSTRESN) <= 10)"
)
LINK = "{sql: LINKED, label: Linked Record, eval: INVESTIGATOR}"


@pytest.mark.parametrize(("words", "text"), EXAMPLES, ids=[words for words, _ in EXAMPLES])
def test_what_the_page_shows_is_what_is_told(asked, words, text):
    assert as_text(asked(words)) == text


def test_the_page_has_examples():
    assert len(EXAMPLES) >= 3


# --- each kind of value leads to what made it ----------------------------------------------------------------------


def facts(asked, words, kind):
    return asked(words).root.of_kind(kind)


def raw_texts(asked, words):
    """The raw texts that a story ends in, with the key of their records."""
    steps = [step for step in asked(words).root.walk() if step.name.startswith("raw.") and not step.told]
    return [f"{step.name} {plain(step.value) or '.'}: {step.of_kind('record')[0]}" for step in steps if not step.reads]


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("AE 1001 1 AETOXGR", "codelist", "'Grade 3' -> '3': by the map AETOXGR (study.yaml:13: AETOXGR: {Grade 1: 1"),
        ("DM 1001 SEX", "codelist", "'Male' -> 'M': is a synonym of 'M' in codelist SEX (C66731)"),
        ("DM 1002 SEX", "codelist", "'F' is a submission value of codelist SEX"),
        ("AE 1001 1 AESTDTC", "date", "'UN JAN 2014' -> '2014-01': read as DD MON YYYY; what is unknown is left out"),
        ("EX 1001 2 EXSTDTC", "time", "'9:30' -> '09:30': joined to the date"),
        ("LB 1001 1 LBSTRESN", "unit", "12.3 g/dL x 10 = 123 g/L, rounded half away from zero to 0 decimals (tables/"),
        ("LB 1001 1 LBTEST", "codelist", "'HGB' -> 'Hemoglobin': both are concept C64848"),
        ("EX 1001 2 VISITNUM", "visit", "tables/visits.csv, line 4: C2D1,3,CYCLE 2 DAY 1,22"),
        ("AE 1001 1 AESTDY", "method", "study day of AESTDTC from DM.RFSTDTC: 1 on that day, -1 the day before"),
        ("AE 1001 2 AESEQ", "method", "the number of the record within the subject, by keys [AESTDTC, AETERM]"),
        ("DM 1001 DTHFL", "when", "DTHDTC is not null: not true, so the value is missing"),
        ("ADSL 1001 SAFFL", "records", "2, in the order of their sources:"),
        ("ADIC 1001 ICDT", "method", "The day that year month and day make."),
        ("ADIC 1001 ICDT", "function", "pandas:to_datetime of the package pandas "),
        ("ADSL 1003 TRTSDT", "picked", "no record was found: the first by [EXSTDTC] of the records of EX with"),
        ("ADTTE 1001 ADT", "setting", "FOLLOW_DAYS = 50 [P]: days from first dose in which an event counts (stu"),
        ("ADTTE 1002 CNSR", "setting", "CENSORINGS = LASTLAB, START [M]: where a time without event ends (study.yaml:"),
        ("ADTTE 1001 ADT", "method", "the earliest event on or after the start, not after TRTSDT + 50: dt(AESTDTC, "),
        ("ADTTE 1002 CNSR", "method", "there is no event; the latest censoring on or after the start"),
        ("ADLB 1001 2 ANL01FL", "group", "USUBJID='S1-1001', PARAMCD='HGB': 2 records"),
        ("ADRS 1001 PARAMCD", "method", "the id of the block"),
        ("ADHGB 1001 PARAMCD=STABLE AVAL", "confirmed", "by 1 record after it"),
        ("ADHGB 1001 PARAMCD=STABLE AVAL", "", "LB USUBJID=S1-1001, LBSEQ=2 (LBDTC '2014-01-05', LBSTRESN 118)"),
        ("ADHGB 1002 PARAMCD=STABLE AVAL", "picked", NOT_CONFIRMED),
        ("AE 1001 1 DOMAIN", "method", "the domain of the dataset"),
        ("AE 1001 1 STUDYID", "method", "the study of study.yaml"),
        ("AE 1001 1 AEBODSYS", "method", "the standard expects AEBODSYS; the spec does not make it, so it is empty"),
        ("RELREC 1001 RDOMAIN=AE RELID", "method", "records of one subject belong together where _LINK of CM"),
        ("SUPPAE 1001 1 QLABEL", "spec", f"specs/sdtm/AE.yaml:8: AELINK: {LINK}"),
        ("ADRESP 1001 ADT=2014-01-05 AVALC", "reason", "PARTIAL, not FULL: hemoglobin 118 < 120 on 2014-01-05"),
        ("ADRESP 1001 ADT=2014-01-05 AVALC", "method", "PARTIAL: all of hemoglobin enough, platelets enough"),
        ("ADRESP 1001 ADT=2014-01-05 AVALC", "note", "not verified in ANEMIA: days of platelets (P), "),
        ("ADRESP 1001 ADT=2014-01-05 RESPREC", "records", "2, in the order of their sources:"),
        ("ADRESP 1001 ADT=2014-01-05 PLT", "method", "platelets: up to 3 days before or 3 days after"),
        ("ADRESP 1001 PARAMCD=RECOVERY ADT=2014-01-05 PARAMCD", "method", "the id of the block"),
        ("ADEX 1001 ADT=2014-01-06 ADT", "method", "one record for each day (every 1) from dt(EXSTDTC) to dt(EXENDTC)"),
    ],
)  # fmt: skip
def test_a_fact_of_a_value(asked, words, kind, said):
    assert any(text.startswith(said) for text in facts(asked, words, kind)), facts(asked, words, kind)


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("AE 1001 1 AETOXGR", ["raw.AE GRADE Grade 3: RECORDID=2 of AE.csv"]),
        ("SUPPAE 1001 1 QVAL", ["raw.AE LINKED K1: RECORDID=2 of AE.csv"]),
        ("EX 1002 1 EXSTDTC", ["raw.DOSE DOSEDAT 06 JAN 2014: RECORDID=3 of DOSE.csv",
                               "raw.DOSE DOSETIM .: RECORDID=3 of DOSE.csv"]),
        ("ADLB 1001 1 BASE", ["raw.LAB HGB 118: RECORDID=2 of LAB.csv", "raw.LAB HGB_U g/L: RECORDID=2 of LAB.csv"]),
        ("ADSL 1001 TRTEDT", ["raw.DOSE ENDDAT 27 JAN 2014: RECORDID=2 of DOSE.csv"]),
        ("ADTTE 1001 ADT", ["raw.AE STDAT UN JAN 2014: RECORDID=2 of AE.csv"]),
        ("DM 1001 RFSTDTC", ["raw.DOSE DOSEDAT 05 JAN 2014: RECORDID=1 of DOSE.csv",
                             "raw.DOSE DOSETIM 10:00: RECORDID=1 of DOSE.csv"]),
        ("ADRESP 1001 ADT=2014-01-05 PLT", ["raw.LAB PLAT 150: RECORDID=1 of LAB.csv",
                                            "raw.LAB PLAT_U 10^9/L: RECORDID=1 of LAB.csv"]),
        ("AE 1002 1 USUBJID", ["raw.AE SUBJECT 1002: RECORDID=4 of AE.csv"]),
    ],
)  # fmt: skip
def test_a_story_ends_in_the_texts_of_raw_records(asked, words, texts):
    assert raw_texts(asked, words) == texts


def test_a_blank_raw_text_is_said_to_be_blank(asked):
    step = asked("DM 1003 SEX").root
    assert step.value is None
    assert [read.of_kind("text") for read in step.reads] == [["the raw text is blank"]]


def test_a_value_is_told_once(asked):
    names = [(s.name, s.of_kind("record")[:1]) for s in asked("ADTTE 1001 AVAL").root.walk() if s.facts and not s.told]
    told = [str(name) for name in names if "." in name[0] and name[1]]
    assert len(told) == len(set(told))


# --- keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("AE AETERM", "AE: a key is needed to name one record\n    to mend: name one: USUBJID=S1-1001 AESEQ=1; "),
        ("AE 1001 AETERM", "AE: 2 records have the key 1001\n    to mend: name one: USUBJID=S1-1001 AESEQ=1; USUBJID="),
        ("AE 1009 1 AETERM", "AE: no subject '1009' has a record\n    to mend: did you mean S1-1001 or S1-1002?"),
        ("AE 00 1 AETERM", "AE: no subject '00' has a record\n    to mend: "),
        ("AE 1001 7 AETERM", "AE: no record has AESEQ=7\n    to mend: AESEQ here: 1, 2"),
        ("AE 1001 2 3 AETERM", "AE: '3' is one word too many\n    to mend: write SUBJECT, SEQ and NAME=VALUE pairs"),
        ("LB LBTESTCD=HBG LBORRES", "LB: no record has LBTESTCD=HBG\n    to mend: did you mean LBTESTCD=HGB?"),
        ("LB LBTSTCD=HGB LBORRES", "LBTSTCD: there is no variable LBTSTCD to find the record by\n    to mend: did you"),
        ("SV 1001 2 SVSTDTC", "SV: has no --SEQ or ASEQ\n    to mend: name the record by NAME=VALUE of "),
    ],
)
def test_a_key_that_names_no_record_is_told_what_there_is(asked, words, message):
    with pytest.raises(UsageError) as error:
        asked(words)
    assert error.value.message.startswith(message)


@pytest.mark.parametrize("key", ["S1-1001 2", "1001 2", "1001 AESEQ=2", "AETERM=Headache", "aeterm=Headache"])
def test_many_ways_to_name_a_record(asked, key):
    assert asked(f"AE {key} AETERM").value == "Headache"


# --- the run it speaks of ------------------------------------------------------------------------------------------


def call(*words):
    return CliRunner().invoke(commands, ["why", *map(str, words)])


def test_the_command_prints_the_story(page):
    result = call("--study", page, "ae", "1001", "1", "aetoxgr")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "AE.AETOXGR = '3'"


@pytest.fixture
def changed(tmp_path):
    """A finished study of its own, to change."""
    return finish(page_study(tmp_path))


def test_a_spec_that_has_changed_since_the_run_is_told_first(changed):
    path = changed / "specs/sdtm/AE.yaml"
    path.write_text(path.read_text().replace("GRADE", "TERM"))
    with pytest.raises(SpecErrors) as error:
        explain(changed, "AE", ["1001", "1"], "AETOXGR")
    assert error.value.message == (
        "specs/sdtm/AE.yaml: AE.yaml has changed since the run\n    to mend: run again, then ask"
    )
    assert error.value.exit_code == 2


def test_data_and_outputs_that_have_changed_since_the_run_are_told(changed):
    output = changed / "output/data/AE.parquet"
    output.write_bytes((changed / "output/data/DM.parquet").read_bytes())
    with pytest.raises(Exception, match=r"AE\.parquet has changed since the run") as error:
        explain(changed, "AE", ["1001", "1"], "AETOXGR")
    assert error.value.exit_code == 3
    raw = changed / "raw/AE.csv"
    raw.write_text(raw.read_text().replace("Grade 3", "Grade 2"))
    (changed / "raw/LAB.csv").unlink()
    with pytest.raises(InputErrors) as several:
        explain(changed, "AE", ["1001", "1"], "AETOXGR")
    assert [one.what for one in several.value.errors] == ["AE.csv has changed since the run", "is not there any more"]
    assert several.value.exit_code == 3


def test_a_study_that_was_moved_is_explained_where_it_is(changed, tmp_path_factory):
    there = tmp_path_factory.mktemp("moved") / "study"
    changed.rename(there)
    assert explain(there, "AE", ["1001", "1"], "AETOXGR").value == "3"


def test_a_study_that_was_not_run_has_nothing_to_explain(tmp_path):
    page_study(tmp_path)
    with pytest.raises(UsageError) as error:
        explain(tmp_path, "AE", ["1001", "1"], "AETOXGR")
    assert "holds no finished run (no run.json)" in error.value.message


def test_unknown_datasets_and_variables(page):
    with pytest.raises(UsageError, match=r"there is no dataset AEE\n    to mend: did you mean AE\?"):
        explain(page, "AEE", ["1001", "1"], "AETERM")
    with pytest.raises(UsageError, match=r"AE: there is no variable AETRM\n    to mend: did you mean AETERM\?"):
        explain(page, "AE", ["1001", "1"], "AETRM")
