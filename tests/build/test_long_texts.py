"""Texts of more than 200 bytes in SDTM: cut between words, nothing lost, each told."""

import pytest
from harness import is_drawn, trial
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.compute.ascii import to_ascii
from sdtm2adam.compute.pieces import in_pieces

SPEC = """
dataset: CE
keys: [CESPID]
records:
  - from: raw.F
    set: {CESPID: ID, CETERM: T}
    supp: {CENOTE: {sql: N, label: Note of the Site}}
variables: {CESEQ: auto}
"""
LONG = " ".join(f"word{i:03d}" for i in range(60))  # 479 bytes


def built_of(tmp_path, term, note="."):
    rows = f"ID SUBJECT T N\n1 1 {term.replace(' ', '_')} {note.replace(' ', '_')}\n2 1 short ."
    return trial(tmp_path, SPEC, raw={"F": rows}).build()


@pytest.mark.bad_input("B079")
def test_the_variable_keeps_the_first_piece_and_the_others_are_qualifiers(tmp_path):
    built = built_of(tmp_path, LONG)
    first, second = (row["CETERM"] for row in built.datasets["CE"].frame.to_pylist())
    assert (len(first) <= 200, second) == (True, "short")
    more = built.datasets["SUPPCE"].frame.to_pylist()
    assert [(row["QNAM"], row["QLABEL"], row["IDVARVAL"]) for row in more] == [
        ("CETERM1", "Reported Term for the Clinical Event", "1"),
        ("CETERM2", "Reported Term for the Clinical Event", "1"),
    ]
    assert " ".join([first, *(row["QVAL"] for row in more)]) == LONG


def test_a_long_qualifier_goes_on_under_the_next_numbers(tmp_path):
    built = built_of(tmp_path, "x", LONG)
    more = built.datasets["SUPPCE"].frame.to_pylist()
    assert [row["QNAM"] for row in more] == ["CENOTE", "CENOTE1", "CENOTE2"]
    assert {row["QLABEL"] for row in more} == {"Note of the Site"}
    assert " ".join(row["QVAL"] for row in more) == LONG


@pytest.mark.bad_input("B079")
def test_the_cut_is_told_with_its_records(tmp_path):
    (issue,) = (issue for issue in built_of(tmp_path, LONG).issues if issue.rule == "text-split")
    assert (issue.severity, issue.variable, issue.records) == ("note", "CETERM", 1)
    assert issue.text == "CE.CETERM: 1 texts of more than 200 bytes go on in SUPPCE"


def test_it_is_the_length_in_the_transport_file_that_counts(tmp_path):
    degrees = " ".join(["37°"] * 45)  # 224 bytes in UTF-8, 314 in ASCII, 179 characters
    built = built_of(tmp_path, degrees)
    pieces = [built.datasets["CE"].frame["CETERM"][0].as_py(), *built.datasets["SUPPCE"].frame["QVAL"].to_pylist()]
    assert " ".join(pieces) == degrees
    assert max(len(to_ascii(piece)) for piece in pieces) <= 200


def test_a_text_of_200_bytes_is_not_cut(tmp_path):
    built = built_of(tmp_path, "x" * 200)
    assert "SUPPCE" not in built.datasets
    assert built.issues == ()


def test_a_name_that_is_taken_is_refused(tmp_path):
    spec = SPEC.replace("CENOTE", "CETERM1")
    made = trial(tmp_path, spec, raw={"F": f"ID SUBJECT T N\n1 1 {LONG.replace(' ', '_')} x"})
    assert "two qualifiers or a variable would be called CETERM1" in made.fault()


def test_parameters_of_the_trial_go_on_in_variables_of_their_own(tmp_path):
    spec = """
dataset: TS
keys: [TSPARMCD, TSSEQ]
tables: {TS: tables/ts.csv}
records: [{from: table.TS, copy: all}]
"""
    table = (
        "TSSEQ,TSPARMCD,TSPARM,TSVAL,TSVALNF\n"
        f"1,OBJPRIM,Trial Primary Objective,{LONG},\n1,NARMS,Planned Number of Arms,2,\n"
    )
    built = trial(tmp_path, spec, tables={"ts.csv": table}).build()
    frame = built.datasets["TS"].frame
    assert frame.column_names.index("TSVAL1") == frame.column_names.index("TSVAL") + 1
    row = frame.to_pylist()[1]
    assert " ".join(row[name] for name in ("TSVAL", "TSVAL1", "TSVAL2")) == LONG
    labels = {v.name: v.label for v in built.datasets["TS"].variables}
    assert (labels["TSVAL"], labels["TSVAL2"]) == ("Parameter Value", "Parameter Value 2")
    assert "SUPPTS" not in built.datasets


def test_a_trial_design_dataset_comes_from_a_small_table_as_it_is(tmp_path):
    spec = "dataset: TA\nkeys: [ARMCD, TAETORD]\nrecords: [{from: table.TA, copy: all}]\n"
    table = (
        "ARMCD,ARM,TAETORD,ETCD,ELEMENT,TABRANCH,EPOCH\n"
        "A,Active,1,SCR,Screening,,SCREENING\nA,Active,2,TRT,Drug,,TREATMENT\n"
    )
    made = trial(tmp_path, spec.replace("keys", "tables: {TA: tables/ta.csv}\nkeys"), tables={"ta.csv": table})
    is_drawn(made.build().datasets["TA"], """
        STUDYID DOMAIN ARMCD ARM    TAETORD ETCD ELEMENT   EPOCH
        S1      TA     A     Active 1       SCR  Screening SCREENING
        S1      TA     A     Active 2       TRT  Drug      TREATMENT
    """)  # fmt: skip


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=450).map(str.strip))
@pytest.mark.bad_input("B079")
def test_pieces_fit_and_lose_nothing_but_blanks_at_cuts(text):
    pieces = in_pieces(text)
    assert all(len(to_ascii(piece)) <= 200 for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", "a", "x" * 200])
def test_a_short_text_is_one_piece(text):
    assert in_pieces(text) == ([text] if text else [])
