"""The same rows in CSV, XLSX, XPT, SAS7BDAT, ODM-XML or Parquet give the same SDTM, to the byte."""

from datetime import datetime
from pathlib import Path

import pytest
from raw_exports import FORMATS, FORMS, TYPES, rows_of

from sdtm2adam.build.study import build
from sdtm2adam.files.atomic import write_text
from sdtm2adam.model import Severity
from sdtm2adam.pipeline.datasets import write_dataset
from sdtm2adam.pipeline.folder import DataFolders, inputs_of
from sdtm2adam.spec.library import read_specs

STUDY = """
study: S1
subject: {column: SUBJECT, usubjid: "'S1-' || SUBJECT", siteid: "left(SUBJECT, 3)"}
dates: {formats: [DD MON YYYY], missing: [UN, UNK]}
visits: {table: VISITS}
units: UNITS
maps: {AETOXGR: {Grade 1: 1, Grade 2: 2, Grade 3: 3}}
tables:
  VISITS: [{LABEL: Screening, VISITNUM: 1, VISIT: SCREENING}, {LABEL: C1D1, VISITNUM: 2, VISIT: C1D1},
    {LABEL: C2D1, VISITNUM: 3, VISIT: C2D1}]
  UNITS:
    - {TESTCD: HGB, FROM: g/dL, TO: g/L, FACTOR: 10, DIGITS: 1}
    - {TESTCD: HGB, FROM: g/L, TO: g/L}
    - {TESTCD: CREAT, FROM: umol/L, TO: umol/L}
"""
SPECS = {
    "DM": """
dataset: DM
keys: [USUBJID]
records:
  - from: raw.DEMOG
    set: {SUBJID: SUBJECT, SEX: SEX, AGE: AGE, RFICDTC: [INFORMED_DATE, INFORMED_TIME]}
    const: {AGEU: YEARS}
    supp: {NOTE: {sql: SITENOTE, label: Note of the Site}}
variables: {SITEID: auto, RFSTDTC: RFICDTC}
""",
    "AE": """
dataset: AE
keys: [AESPID]
records:
  - from: raw.AE
    set: {AESPID: RECORDID, AETERM: TERM, AESTDTC: STDAT, AEENDTC: ENDAT, AETOXGR: GRADE, AESER: SERIOUS}
variables: {AESEQ: auto, AESTDY: auto}
""",
    "LB": """
dataset: LB
keys: [LBTESTCD, LBREFID]
records:
  - from: raw.LAB
    visit: FOLDER
    set: {LBDTC: COLLECTED, LBREFID: RECORDID}
    unpivot:
      HGB: {LBORRES: HGB, LBORRESU: HGB_U}
      CREAT: {LBORRES: CREATININE, LBORRESU: "replace(CREATININE_U, 'µ', 'u')"}
      PLAT: {LBORRES: PLAT}
    having: LBORRES is not null
variables: {LBSEQ: auto, LBSTRESC: auto, LBSTRESN: auto, LBSTRESU: auto, VISITNUM: auto, VISIT: auto, LBDY: auto}
""",
}


def sdtm(folder: Path, name: str) -> tuple[dict[str, bytes], list[str]]:
    """The bytes of all files that SDTM is written to, and the rules of the issues."""
    raw = folder / "raw"
    raw.mkdir(parents=True)
    heads = FORMATS[name](raw)
    write_text(folder / "study.yaml", STUDY)
    for dataset, text in SPECS.items():
        write_text(folder / "specs" / "sdtm" / f"{dataset}.yaml", text)
    for form in FORMS:
        key = "key: [RECORDID]\n" if form != "DEMOG" else ""
        columns = "".join(f"  {column}: {{type: {TYPES[form].get(column, 'text')}}}\n" for column in rows_of(form))
        write_text(folder / "specs" / "raw" / f"{form}.yaml", f"{heads[form]}\n{key}columns:\n{columns}")
    specs = read_specs(folder)
    built = build(specs, inputs_of(specs, DataFolders(raw.resolve(), None)))
    out = folder / "out"
    for dataset in built.datasets.values():
        write_dataset(dataset, specs, out, datetime(2014, 10, 2))
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    return files, sorted(issue.rule for issue in built.issues if issue.severity != Severity.NOTE)


@pytest.fixture(scope="module")
def of_csv(tmp_path_factory):
    """What the CSV files give."""
    return sdtm(tmp_path_factory.mktemp("csv"), "csv")


def test_the_rows_give_all_datasets(of_csv):
    files, rules = of_csv
    assert {"sdtm/dm.xpt", "sdtm/suppdm.xpt", "sdtm/ae.xpt", "sdtm/lb.xpt", "data/LB.parquet"} <= set(files)
    assert rules == []


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv"])
def test_another_format_gives_the_same_bytes(tmp_path, of_csv, name):
    files, rules = sdtm(tmp_path, name)
    expected, of_rows = of_csv
    assert [path for path in expected if files.get(path) != expected[path]] == []
    assert files.keys() == expected.keys()
    assert rules == of_rows
