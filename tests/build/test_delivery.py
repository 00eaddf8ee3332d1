"""A dataset built part by part: the same file as from all subjects at once, and what cannot be cut."""

import pytest
from findings_study import DM, SHARED, TABLES, VISITED
from harness import trial

from sdtm2adam.build.delivery import build_dataset
from sdtm2adam.errors import InputError, SpecError, SpecErrors, UsageError
from sdtm2adam.files.parquet import write_parquet

SUBJECTS = "SUBJECT D T\n" + "\n".join(f"{n} {1 + n % 28:02d}_JAN_2014 10:00" for n in range(11, 60))
LABS = "RECORDID SUBJECT FOLDER LBDAT HGB HGBU HGBND ALB\n" + "\n".join(
    f"{i} {11 + i * 5 % 49} {('Screening', 'C1D1', 'Unscheduled')[i % 3]} {1 + i % 28:02d}_JAN_2014 "
    f"{i % 40 + 0.5} {('g/dL', 'g/L', 'lots')[i % 3 if i % 50 == 0 else i % 2]} . {'<5' if i % 11 == 0 else i % 30}"
    for i in range(1, 700)
)


def study(folder, lb=VISITED, labs=LABS):
    return trial(folder, DM, lb, raw={"D": SUBJECTS, "L": labs}, study=SHARED, tables=TABLES)


@pytest.mark.parametrize("subjects", [1, 7, 48, 49, 1000])
def test_parts_make_the_file_and_the_issues_of_the_whole(tmp_path, subjects):
    made = study(tmp_path / "study")
    built = made.build()
    write_parquet(built.datasets["LB"].frame, tmp_path / "whole.parquet")
    delivered = build_dataset(made.specs, made.inputs, "LB", tmp_path / "parts.parquet", subjects=subjects)
    assert (tmp_path / "parts.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert delivered.parts == -(-49 // subjects)
    assert delivered.records == built.datasets["LB"].frame.num_rows
    told = [issue for issue in built.issues if issue.dataset in ("LB", "raw.L", "raw.D", "DM")]
    assert set(delivered.issues) == {issue for issue in told if issue.rule != "where-matches-nothing"}, "left to run"


ADLB = """dataset: ADLB
class: BDS
keys: [PARAMCD, ADT, ASEQ]
lookups:
  DM: {from: DM}
  LAST: {from: LB, where: LBTESTCD = 'HGB', order: [LBDTC, LBSEQ], take: last}
records:
  - from: LB
    set: {PARAMCD: LBTESTCD, AVAL: LBSTRESN, ADT: dt(LBDTC)}
variables:
  ARM: {label: Arm, sql: DM.ARM}
  SITE: {label: Site, sql: DM.SITE}
  LASTSEQ: {label: Sequence, sql: LAST.LBSEQ}
  ASEQ: auto
"""
SDTM = {
    "DM": "STUDYID USUBJID ARM\n" + "\n".join(f"S S{n:02d} {'AB'[n % 2]}" for n in range(11, 60)),
    "LB": "STUDYID USUBJID LBSEQ:integer LBTESTCD LBDTC LBSTRESN:float\n"
    + "\n".join(
        f"S S{11 + i * 5 % 49} {i} {('HGB', 'ALB')[i % 2]} 2014-01-{1 + i % 28:02d} {i % 40}.5" for i in range(1, 700)
    ),
    "SUPPDM": "STUDYID USUBJID IDVAR IDVARVAL QNAM QVAL\n"
    + "\n".join(f"S S{n:02d} . . SITE {n % 5}" for n in range(11, 60, 3)),
}


@pytest.mark.parametrize("subjects", [1, 7, 49])
def test_parts_of_sdtm_files_make_the_file_of_the_whole(tmp_path, subjects):
    made = trial(tmp_path / "study", ADLB, sdtm=SDTM)
    built = made.build()
    write_parquet(built.datasets["ADLB"].frame, tmp_path / "whole.parquet")
    before = {name: path.read_bytes() for name, path in made.inputs.sdtm.items()}
    delivered = build_dataset(made.specs, made.inputs, "ADLB", tmp_path / "parts.parquet", subjects=subjects)
    assert (tmp_path / "parts.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert (delivered.parts, delivered.records) == (-(-49 // subjects), 699)
    assert {name: path.read_bytes() for name, path in made.inputs.sdtm.items()} == before


def test_an_empty_form_gives_a_file_without_records(tmp_path):
    made = study(tmp_path / "study", labs=LABS.splitlines()[0])
    assert build_dataset(made.specs, made.inputs, "LB", tmp_path / "lb.parquet", subjects=7).records == 0
    write_parquet(made.build().datasets["LB"].frame, tmp_path / "whole.parquet")
    assert (tmp_path / "lb.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


@pytest.mark.parametrize(
    "more",
    [
        "  LBORNRHI: {agg: {from: SELF, by: [], value: max(LBORRES)}}\n",
        "  LBORNRLO: {pick: {from: raw.L, by: {LBSPID: RECORDID}, value: HGB}}\n",
        "  _N: {seq: {by: [LBTESTCD], order: [USUBJID, LBDTC, LBSPID]}}\n",
    ],
)
def test_what_reads_over_several_subjects_is_refused(tmp_path, more):
    made = study(tmp_path / "study", VISITED + more)
    with pytest.raises(SpecErrors, match="LB reads over several subjects"):
        build_dataset(made.specs, made.inputs, "LB", tmp_path / "lb.parquet", subjects=7)
    assert not (tmp_path / "lb.parquet").exists()


def test_errors_leave_the_old_file_and_nothing_beside_it(tmp_path):
    made = study(tmp_path / "study", labs=LABS + "\n" + LABS.splitlines()[-1].replace("g/", "G/"))
    (tmp_path / "lb").mkdir()
    (tmp_path / "lb" / "lb.parquet").write_text("old")
    with pytest.raises(InputError, match="not unique"):
        build_dataset(made.specs, made.inputs, "LB", tmp_path / "lb" / "lb.parquet", subjects=7)
    assert [path.name for path in (tmp_path / "lb").iterdir()] == ["lb.parquet"]


def test_what_is_no_dataset_is_refused(tmp_path):
    made = study(tmp_path / "a")
    with pytest.raises(UsageError, match="no dataset 'XX'"):
        build_dataset(made.specs, made.inputs, "XX", tmp_path / "x.parquet")
    with pytest.raises(SpecError):
        study(tmp_path / "b", VISITED.replace("RECORDID", "NUMBER")).build()
