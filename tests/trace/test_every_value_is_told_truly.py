"""Each variable of each record of whole studies: the story told leads to the value that the run wrote."""

import random
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from harness import Trial, trial

from sdtm2adam.pipeline.demo import demo
from sdtm2adam.spec.library import read_specs
from sdtm2adam.trace import producers_told
from sdtm2adam.trace.again import again
from sdtm2adam.trace.run_record import RunRecord
from sdtm2adam.trace.story import Fact
from sdtm2adam.trace.text import as_text
from sdtm2adam.trace.why import explain_record

ROOT = Path(__file__).parents[2]
PUBLIC = ROOT.parent / "shared" / "data" / "pharmaversesdtm" / "parquet"
PUBLIC_ADAM = ("ADSL", "ADAE", "ADRS", "ADTTE")


def told_truly(study, dataset, rows):
    """Explains every variable of some records; how many values that were."""
    frame = study.stored(dataset)
    for column in frame.column_names:
        for row in rows:
            told = explain_record(study, dataset, row, column)
            assert told.disagreements == (), f"{dataset}.{column} of record {row}"
            assert told.root.value == frame[column][row].as_py() or column in ("DOMAIN", "RDOMAIN"), (dataset, column)
            assert as_text(told).startswith(f"{dataset}.{column} = ")
    return len(frame.column_names) * len(rows)


def test_every_value_of_the_study_of_the_grammar(asked):
    study = asked.study
    names = study.record.datasets
    count = sum(told_truly(study, name, ends(study.stored(name).num_rows)) for name in names)
    assert len(names) == 21
    assert count > 500


def ends(rows):
    """The first, the middle and the last of some rows."""
    return sorted({0, rows // 2, rows - 1})


def test_lineage_names_the_record_that_the_story_leads_to(asked):
    """The lineage written by the run, and the links followed here, are two ways to the same record."""
    study, seen = asked.study, 0
    for name in study.record.datasets:
        if name not in study.specs.datasets:
            continue
        lineage = study.lineage(name)
        for row in range(lineage.num_rows):
            source, number = lineage["source"][row].as_py(), lineage["source_row"][row].as_py()
            place = study.place(name, row)
            while place is not None and (place.relation.key == name or "/" in place.relation.key):
                found = study.follow(place, "") if "" in place.relation.links else None
                place = found.place if found else None
            if source is None:
                assert place is None or place.relation.key.startswith(("raw.", "table."))
                continue
            assert place.relation.key == source
            assert number == (study.number(place) if source in study.specs.datasets else place.row)
            seen += 1
    assert seen > 40


@pytest.fixture(scope="module")
def inovate(tmp_path_factory):
    """A small simulated trial, run."""
    folder = tmp_path_factory.mktemp("why") / "inovate"
    demo(folder, subjects=6)
    return folder


@pytest.mark.long
def test_every_variable_of_the_simulated_trial(inovate):
    draw = random.Random(20260308)
    with again(read_specs(inovate), RunRecord.read(inovate / "output")) as study:
        count = 0
        for name in study.record.datasets:
            rows = study.stored(name).num_rows
            count += told_truly(study, name, sorted(draw.sample(range(rows), min(rows, 3))))
    assert count > 1500


@pytest.mark.long
def test_limits_of_normal_that_an_expression_makes_of_a_form_with_a_decimal_comma(inovate):
    with again(read_specs(inovate), RunRecord.read(inovate / "output")) as study:
        low, unit = (study.stored("LB")[name].to_pylist() for name in ("LBORNRLO", "LBORRESU"))
        rows = [i for i in range(len(low)) if "." in (low[i] or "") and unit[i] == "mg/dL"][:4]
        assert len(rows) == 4
        for row in rows:
            told = explain_record(study, "LB", row, "LBSTNRLO")
            assert told.disagreements == ()
            assert told.root.value == study.stored("LB")["LBSTNRLO"][row].as_py()


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public study is not in ../shared")
def test_every_variable_of_a_real_study_that_starts_at_sdtm(tmp_path, study_of):
    folder = shutil.copytree(ROOT / "tests/studies/pharmaverse", tmp_path / "study")
    files = {path.stem.upper(): path for path in PUBLIC.glob("*.parquet")}
    ask = study_of(Trial(folder, {}, files))
    assert sum(told_truly(ask.study, name, ends(ask.study.stored(name).num_rows)) for name in PUBLIC_ADAM) > 750


STUDY = """
study: S1
subject: {column: SUBJECT, usubjid: "'S1-' || SUBJECT", siteid: "left(SUBJECT, 1)"}
dates: {formats: [DD MON YYYY, DD/MM/YYYY, MM/DD/YYYY], missing: [UN, UNK]}
units: UNITS
tables: {UNITS: tables/units.csv}
maps:
  AETOXGR: {Grade 1: 1}
  LBTEST: {XYZ: Xyz Test}
  VSLOC: {Oral: ORAL CAVITY}
"""
UNITS = """
TESTCD,FROM,TO,FACTOR,OFFSET,DIGITS
HGB,g/dL,g/L,10,,0
WBC,g/dL,g/L,10,,0
TEMP,F,C,0.5556,-17.78,1
*,%,%,,,
"""
LB = """
dataset: LB
keys: [LBTESTCD, LBDTC]
records:
  - from: raw.LAB
    set: {LBDTC: [DAY, TIME]}
    unpivot:
      HGB: {LBORRES: HGB, LBORRESU: HGBU}
      XYZ: {LBORRES: XYZ}
      WBC: {LBORRES: NUMBER, LBORRESU: HGBU}
      ALB: {LBORRES: NUMBER + 0.25}
variables:
  LBSEQ: auto
  LBTEST: {decode: LBTESTCD}
  LBSTRESC: {standardize: {codelist: NORMABNM}}
  LBSTRESN: {standardize: {}}
  LBSTRESU: auto
  LBNAM: {sql: LBORRES, when: LBORRES is null}
"""
LAB = """
RECORDID SUBJECT DAY              TIME  HGB     HGBU XYZ    NUMBER
1        1       01/02/2014       9:30  12,35   g/dL NORMAL 12,5
2        1       13/02/2014       24:00 1.234,5 g/dL +      1.234
3        1       14_FEB_2014      25:99 12      kg   .      .
4        2       UN_FEB_2014      10:00 <5      g/dL 7      .
5        2       nonsense         10:00 13      .    odd    .
6        3       .                10:00 .       .    .      .
7        3       2014-02-15T08:00 10:00 1-2     g/dL .      .
8        3       2014-02-16T10:00 10:00 <5      kg   .      7
9        3       2014-02-17       10:00 1.234   g/dL .      .
"""
LAB_CONTRACT = """
file: LAB.csv
key: [RECORDID]
read: {decimal: ","}
columns: {RECORDID: {}, SUBJECT: {}, DAY: {}, TIME: {}, HGB: {}, HGBU: {}, XYZ: {}, NUMBER: {type: number}}
"""
AE = """
dataset: AE
keys: [AETERM, AESPID]
records:
  - from: raw.AE
    set:
      AESPID: NUMBER
      AETERM: TERM
      AETOXGR: GRADE
      AESER: SERIOUS
      AESTDTC: {sql: START, formats: [YYYY.MM.DD]}
      AEDUR: {const: P1D, when: SERIOUS = 'Yes'}
      _HALF: NUMBER / 2
    supp:
      AEHALF: {sql: _HALF, label: Half the Number}
      AENOTE: {sql: NOTE, label: Note of the Site}
variables:
  AESEQ: auto
  AEREFID: {pick: {from: raw.AE, by: {AETERM: TERM}, value: NUMBER}}
"""
LONG = "_".join(f"word{i}" for i in range(90))
AES = f"""
SUBJECT NUMBER:number TERM      GRADE    SERIOUS START      NOTE
1       007           Headache  grade_1  Yes     2014.01.31 {LONG}
1       8.50          _Rash     GRADE_9  y       31.01.2014 short
2       x             {LONG}    1        No      2014       .
"""


TS = f"""
dataset: TS
keys: [TSPARMCD]
records:
  - {{from: table.SUMMARY, set: {{TSPARMCD: CODE, TSVAL: SAID}}}}
variables: {{TSSEQ: auto}}
tables:
  SUMMARY: [{{CODE: AGEMAX, SAID: P75Y}}, {{CODE: OBJPRIM, SAID: "{LONG.replace("_", " ")}"}}]
"""


@pytest.fixture
def hard(tmp_path, study_of):
    """A study of values that do not become what they should."""
    made = trial(
        tmp_path, LB, AE, TS, study=STUDY, tables={"units.csv": UNITS}, raw={"LAB": LAB, "AE": AES},
        contracts={"LAB": LAB_CONTRACT},
    )  # fmt: skip
    return study_of(made)


def test_every_value_of_a_study_of_hard_values(hard):
    for name in hard.study.record.datasets:
        assert told_truly(hard.study, name, range(hard.study.stored(name).num_rows))


ADLB = """
dataset: ADLB
class: BDS
keys: [PARAMCD, ADT]
lookups:
  FIRST: {from: LB, order: [LBSEQ], set: {D: dt(LBDTC)}}
records:
  - from: LB
    where: LBSTRESN > 1
    copy: [LBNOTE]
    set: {PARAMCD: LBTESTCD, AVAL: LBSTRESN, ADT: "dt(LBDTC, impute := 'first')", ADTF: {imputed: ADT}}
variables:
  LOW: {sql: "case when AVAL < 5 then 'Y' end", label: Low}
  FIRSTDT: {sql: FIRST.D, label: First Day}
  ANY: {flag: {by: [USUBJID], order: [ADT], take: all, until: AVAL > 5}, label: Up to High}
"""
LB_FILE = """
STUDYID USUBJID LBSEQ:integer LBTESTCD LBSTRESN:float LBDTC      LBNOTE
S1      S1-1    1             A        3              2014-01-02 low
S1      S1-1    2             B        7.5            2014-02    .
S1      S1-2    1             A        0.5            2014-01-03 .
"""


def test_a_study_that_starts_at_sdtm_ends_in_the_file(tmp_path, study_of):
    ask = study_of(trial(tmp_path, ADLB, sdtm={"LB": LB_FILE}, study="study: S1\n"))
    assert ask("ADLB 1 PARAMCD=A USUBJID").value == "S1-1"
    assert ask("ADLB 1 PARAMCD=A LBNOTE").value == "low"  # a column of the file that nothing asked for before
    told_truly(ask.study, "ADLB", range(2))
    assert ask("ADLB 1 PARAMCD=B AVAL").origin == "LB USUBJID=S1-1, LBSEQ=2"
    step = ask("ADLB 1 PARAMCD=B AVAL").root.reads[0]
    assert (step.name, step.value) == ("LB.LBSTRESN", 7.5)
    assert step.of_kind("record") == ["USUBJID=S1-1, LBSEQ=2"]
    assert step.of_kind("text") == ["as it stands in LB.parquet: the study starts there"]


def test_a_time_to_event_from_a_start_with_a_time_of_day(tmp_path, study_of):
    spec = """dataset: ADTTE
class: BDS
keys: [PARAMCD]
records:
  - id: OS
    per: DM
    tte: {start: START, events: [{from: DM, date: DTH, desc: Death}], censors: [{from: DM, date: START, desc: Start}]}
    const: {PARAM: Survival}
variables: {AVAL: "days(STARTDT, ADT)", S: {agg: {from: DM, where: DTH is null, value: max(DTH - DTH), else: 0}}}
"""
    dm = "USUBJID START:datetime DTH:date\nS1-1 2014-01-05T10:00:00 2014-01-05\nS1-2 2014-01-05T10:00:00 ."
    study = study_of(trial(tmp_path, spec, sdtm={"DM": dm}, study="study: S1\n")).study
    assert told_truly(study, "ADTTE", [0, 1]) == 2 * len(study.stored("ADTTE").column_names)


def test_a_step_that_leads_to_another_value_is_told_loudly(asked, monkeypatch):
    """A story that were wrong, say by a map read otherwise than the engine reads it, does not pass for a true one."""

    def wrong(*_):
        return [Fact("codelist", "'Grade 3' -> '4': wrongly")], "4"

    monkeypatch.setattr(producers_told, "term_facts", wrong)
    told = asked("AE 1001 1 AETOXGR")
    assert told.disagreements == ("AE.AETOXGR is '3', but the steps told here make '4'",)
    assert as_text(told).startswith("!! DISAGREES: AE.AETOXGR is '3', but the steps told here make '4'\n")


def test_a_value_that_the_run_did_not_write_is_told_loudly(asked):
    """Outputs are protected by their hash; should the engine ever make another value, the text says so first."""
    columns = asked.study.stored("DM")._columns
    columns["SEX"] = pa.chunked_array([["F", "F", None]])
    try:
        told = asked("DM 1001 SEX")
    finally:
        del columns["SEX"]
    assert as_text(told).startswith("!! DISAGREES: the run wrote 'F' for DM.SEX, made again it is 'M'\n")
    assert "Do not trust the story below" in as_text(told)
