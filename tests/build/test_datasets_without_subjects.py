"""Datasets of SDTM that tell of the trial and not of its subjects."""

from harness import build_one, is_drawn

ELEMENTS = "ETCD,ELEMENT,TESTRL\nSCRN,Screening,Consent\nFU,Follow-up,Last dose\n"


def test_a_dataset_from_a_table_has_the_study_and_its_domain_and_no_subject(tmp_path):
    spec = "dataset: TE\nkeys: [ETCD]\ntables: {TE: tables/te.csv}\nrecords:\n  - {from: table.TE, copy: all}"
    made = build_one(tmp_path, spec, tables={"te.csv": ELEMENTS})
    is_drawn(made, "STUDYID DOMAIN ETCD ELEMENT\nS1 TE FU Follow-up\nS1 TE SCRN Screening")
    assert "USUBJID" not in made.frame.column_names
    assert not made.per_subject


def test_values_of_a_parameter_are_numbered_apart(tmp_path):
    table = "TSPARMCD,TSPARM,TSVAL,WHY\nDOSE,Dose,0.8,a\nDOSE,Dose,0.5,b\nNARMS,Arms,2,c\n"
    spec = """dataset: TS
keys: [TSPARMCD, TSSEQ]
tables: {TS: tables/ts.csv}
records:
  - {from: table.TS, copy: {except: [WHY]}}
variables:
  TSSEQ: {seq: {by: [TSPARMCD], order: [TSVAL]}}"""
    made = build_one(tmp_path, spec, tables={"ts.csv": table})
    is_drawn(made, "STUDYID TSSEQ TSPARMCD TSVAL\nS1 1 DOSE 0.5\nS1 2 DOSE 0.8\nS1 1 NARMS 2")
    assert "WHY" not in made.frame.column_names
