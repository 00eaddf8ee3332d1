"""The same study gives the same datasets, lineage and issues, whatever the order of its files and the threads."""

import itertools

import pytest
from harness import STUDY, shuffled, trial

SUBJECTS = "\n".join(["SUBJECT SEX D", *(f"{i} {'MF'[i % 2]} {1 + i % 28:02d}_JAN_2014" for i in range(100, 130))])
DOSES = "\n".join(
    ["RECORDID:integer SUBJECT TRT DOSE:number S E"]
    + [
        f"{n} {100 + n % 30} {'AB'[n % 2]} {n * 0.1:.1f} {1 + n % 27:02d}_FEB_2014 {2 + n % 27:02d}_FEB_2014"
        for n in range(200)
    ]
)
SPECS = (
    """dataset: DM
keys: [USUBJID]
records:
  - {from: raw.D, set: {SUBJID: SUBJECT, SEX: SEX}}
variables:
  RFSTDTC: {agg: {from: EX, value: min(EXSTDTC)}}
""",
    """dataset: EX
keys: [EXSTDTC, EXTRT]
records:
  - from: raw.X
    dedupe: {by: [SUBJECT, S, TRT], order: [RECORDID]}
    set: {EXTRT: TRT, EXDOSE: DOSE, EXSTDTC: S, EXENDTC: E}
variables: {EXSEQ: auto, EXSTDY: auto}
lookups: {DM: {from: DM}}
""",
    """dataset: ADSL
keys: [USUBJID]
records:
  - {from: DM, copy: [SEX]}
variables:
  TRTSDT: {pick: {from: EX, order: [EXSTDTC, EXSEQ], value: dt(EXSTDTC)}}
  CUMDOSE: {agg: {from: EX, value: sum(EXDOSE)}}
  MEAN: {agg: {from: EX, by: [], value: avg(EXDOSE)}}
  SPREAD: {agg: {from: EX, by: [], value: stddev(EXDOSE)}}
  NTH: {seq: {by: [], order: [CUMDOSE desc, USUBJID]}}
""",
    """dataset: ADEX
keys: [PARAMCD, ADT, ASEQ]
class: BDS
include: {ADSL: [SEX, TRTSDT]}
records:
  - {id: DAILY, from: EX, expand: {from: dt(EXSTDTC), to: dt(EXENDTC), as: ADT}, copy: [EXDOSE], const: {PARAM: daily}}
  - {id: TOTAL, agg: {from: EX, by: [USUBJID, EXTRT], value: {EXDOSE: sum(EXDOSE)}}, const: {PARAM: total}}
  - {id: LAST, pick: {from: EX, order: [EXSTDTC, EXSEQ], take: last}, copy: [EXDOSE], const: {PARAM: last}}
variables:
  ASEQ: {seq: {order: [PARAMCD, ADT, EXDOSE]}}
  WORSTFL: {flag: {by: [USUBJID, PARAMCD], order: [EXDOSE desc, ADT]}}
""",
)
STUDIES = list(itertools.product((1, 4), (None, 1, 2)))


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The study built once."""
    return built(tmp_path_factory.mktemp("first"), threads=1)


def built(folder, threads, seed=None):
    """The study, its raw rows shuffled by a seed."""
    tables = [table if seed is None else shuffled(table, seed) for table in (SUBJECTS, DOSES)]
    return trial(folder, *SPECS, raw={"D": tables[0], "X": tables[1]}, study=STUDY).build(threads=threads)


@pytest.mark.parametrize(("threads", "seed"), STUDIES[1:])
def test_threads_and_the_order_of_raw_rows_change_nothing(tmp_path, first, threads, seed):
    again = built(tmp_path, threads, seed)
    for name, dataset in first.datasets.items():
        assert again.datasets[name].frame.equals(dataset.frame), name
        assert again.datasets[name].lineage.equals(dataset.lineage), name
        assert again.datasets[name].variables == dataset.variables
    assert again.issues == first.issues


def test_a_build_leaves_its_inputs_and_its_specs_as_they_were(tmp_path):
    made = trial(tmp_path, *SPECS, raw={"D": SUBJECTS, "X": DOSES}, study=STUDY)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    made.lint()
    made.build()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


def test_the_same_specs_may_be_checked_and_built_twice(tmp_path, first):
    from sdtm2adam.build.study import build, lint

    made = trial(tmp_path, *SPECS, raw={"D": SUBJECTS, "X": DOSES}, study=STUDY)
    specs = made.specs
    assert lint(specs, made.inputs) == lint(specs, made.inputs)
    for _ in range(2):
        assert build(specs, made.inputs).datasets["ADEX"].frame.equals(first.datasets["ADEX"].frame)


def test_sdtm_files_may_come_in_any_order_of_rows(tmp_path):
    table = "USUBJID EXSEQ:integer EXDOSE:float\n" + "\n".join(f"S-{i % 7} {i} {i * 0.1:.1f}" for i in range(50))
    spec = (
        "dataset: ADX\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: all}\nvariables:\n"
        "  C: {agg: {from: EX, value: sum(EXDOSE)}}"
    )
    frames = [
        trial(tmp_path / str(seed), spec, sdtm={"EX": shuffled(table, seed)}).build(threads=2).datasets["ADX"]
        for seed in range(3)
    ]
    assert all(made.frame.equals(frames[0].frame) and made.lineage.equals(frames[0].lineage) for made in frames)
