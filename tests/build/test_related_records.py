"""RELREC: what `relate` makes, and what it says of links that lead nowhere."""

from harness import build_one, is_drawn, told, trial

AE = """
USUBJID AESEQ:integer AESPID AETERM
S1-1    1             A1     Nausea
S1-1    2             A2     Rash
S1-1    3             .      Cough
S1-2    1             A1     Nausea
"""
CM = """
USUBJID CMSEQ:integer CMTRT  AENO
S1-1    1             Cream  A2
S1-1    2             Pill   A1
S1-1    3             Syrup  A2
S1-1    4             Water  .
S1-2    1             Pill   A2
"""
SPEC = """
dataset: RELREC
relate:
  - {id: CMAE, left: CM, right: AE, by: {AENO: AESPID}}
"""


def test_records_with_one_link_are_one_group_within_the_subject(tmp_path):
    dataset = build_one(tmp_path, SPEC, sdtm={"AE": AE, "CM": CM})
    is_drawn(dataset, """
        USUBJID RELID RDOMAIN IDVAR IDVARVAL
        S1-1    CMAE1 AE      AESEQ 2
        S1-1    CMAE1 CM      CMSEQ 1
        S1-1    CMAE1 CM      CMSEQ 3
        S1-1    CMAE2 AE      AESEQ 1
        S1-1    CMAE2 CM      CMSEQ 2
    """)  # fmt: skip


def test_a_link_to_nothing_is_told_and_a_missing_link_is_none(tmp_path):
    built = trial(tmp_path, SPEC, sdtm={"AE": AE, "CM": CM}).build()
    assert told(built, "dataset", "rule", "records", "keys") == [("CM", "relate-orphan", 1, ("USUBJID=S1-2, CMSEQ=1",))]


def test_its_lineage_leads_to_the_records(tmp_path):
    lineage = build_one(tmp_path, SPEC, sdtm={"AE": AE, "CM": CM}).lineage.to_pylist()
    assert [(row["source"], row["source_row"]) for row in lineage] == [
        ("AE", 1), ("CM", 0), ("CM", 2), ("AE", 0), ("CM", 1),
    ]  # fmt: skip


def test_a_helper_of_a_spec_and_a_number_link_as_well_as_texts(tmp_path):
    ae = "dataset: AE\nkeys: [AETERM]\nrecords:\n  - {from: raw.F, set: {AETERM: T, _NO: NO}}\nvariables: {AESEQ: auto}"
    cm = "dataset: CM\nkeys: [CMTRT]\nrecords:\n  - {from: raw.G, set: {CMTRT: T, _NO: NO}}\nvariables: {CMSEQ: auto}"
    spec = "dataset: RELREC\nrelate: [{id: R, left: CM, right: AE, by: _NO}]"
    built = trial(
        tmp_path, ae, cm, spec, raw={"F": "SUBJECT T NO:number\n1 Rash 7", "G": "SUBJECT T NO\n1 Cream 7"}
    ).build()  # fmt: skip
    assert [row["RELID"] for row in built.datasets["RELREC"].frame.to_pylist()] == ["R1", "R1"]


def test_whole_datasets_are_related_by_a_small_table(tmp_path):
    spec = """
dataset: RELREC
tables:
  RELS:
    - {RDOMAIN: PR, IDVAR: PRLNKID, RELTYPE: ONE, RELID: A}
    - {RDOMAIN: LB, IDVAR: LBLNKID, RELTYPE: MANY, RELID: A}
records:
  - {from: table.RELS, copy: all}
relate:
  - {id: CMAE, left: CM, right: AE, by: {AENO: AESPID}}
"""
    dataset = build_one(tmp_path, spec, sdtm={"AE": AE, "CM": CM})
    assert [row["RELTYPE"] for row in dataset.frame.to_pylist()] == [None] * 5 + ["MANY", "ONE"]


def test_errors_name_the_missing_column_and_the_wrong_dataset(tmp_path):
    wrong = SPEC.replace("AESPID", "AESPIDS").replace("left: CM", "left: CMM")
    fault = trial(tmp_path / "a", wrong, sdtm={"AE": AE, "CM": CM}).fault(lint_only=True)
    assert "no source 'CMM'" in fault
    fault = trial(tmp_path / "b", SPEC.replace("AESPID", "AESPIDS"), sdtm={"AE": AE, "CM": CM}).fault(lint_only=True)
    assert "relate: AE has no AESPIDS" in fault
    assert "AESPID" in fault
    other = SPEC.replace("RELREC", "CE") + "keys: [CETERM]\n"
    fault = trial(tmp_path / "c", other, sdtm={"AE": AE, "CM": CM}).fault(lint_only=True)
    assert "relate makes RELREC only" in fault
    fault = trial(tmp_path / "d", SPEC, sdtm={"AE": AE, "CM": CM.replace("CMSEQ", "CMNO")}).fault(lint_only=True)
    assert "relate: CM has no CMSEQ to name its records by" in fault
