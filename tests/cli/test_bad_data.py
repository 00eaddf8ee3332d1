"""Data that stop the run: exit 3, file and line or record, the way out, and the last outputs stay as they were."""

import pytest
from starter import SUBJECT, Change, add, call, event, is_stopped, left, starter, sub, without, write

DEMOG, RANDOM, DOSE, EVENTS = (f"raw/{name}.csv" for name in ("DEMOG", "RANDOM", "DOSE", "EVENTS"))
SECOND = "101-001,06 JAN 2025,35,Female,White,USA,ZZ,STARTER,2025-06-30\n"


def cut(name: str, what: bytes, *, off: bool = False) -> Change:
    """A file that ends where a text begins."""
    return lambda study: write(name, (study / name).read_bytes().partition(what)[0] + what * (not off))(study)


def link(study):
    """A raw file that is a link to another folder."""
    outside = study.parent / "outside.csv"
    (study / EVENTS).rename(outside)
    (study / EVENTS).symlink_to(outside)


CASES = {
    "a missing raw file": ([without(EVENTS)], "EVENTS.csv", "is not there", "--data raw=DIR"),
    "a missing raw folder": ([without("raw")], "DEMOG.csv", "EVENTS.csv", "--data raw=DIR"),
    "a missing column": ([sub(EVENTS, "STDAT", "STDATE")], "EVENTS", "no column STDAT", "did you mean STDATE?"),
    "a column in another case": ([sub(EVENTS, "STDAT", "Stdat")], "no column STDAT", "did you mean Stdat?"),
    "a column twice": ([sub(DOSE, "STDAT,ENDAT", "STDAT,STDAT")], "DOSE.csv, line 1", "both STDAT", "rename"),
    "a subject twice": ([add(DEMOG, SECOND)], "DEMOG", "SUBJECT=101-001", "unique"),
    "a subject twice past the contract's key": (
        [add(DEMOG, SECOND), sub("specs/raw/DEMOG.yaml", "key: [SUBJECT]", "key: [SUBJECT, AGE]")], "DM"),
    "a subject randomised twice": (
        [add(RANDOM, "101-001;2025-01-15;B\n"), sub("specs/raw/RANDOM.yaml", "key: [SUBJ]", "key: [SUBJ, ARM]")],
        "RAND"),
    "a record number twice": ([event("Fever", number=21)], "RECORDID=21", "unique"),
    "a last line that was cut": ([cut(EVENTS, b"STARTER,2025", off=True)], "EVENTS.csv, line 2", "may have been cut"),
    "a quoted field that was cut": ([cut(EVENTS, b'"Vomiting')], "EVENTS.csv, line 6", "never closed"),
    "another delimiter": ([lambda s: write(DOSE, (s / DOSE).read_text().replace(",", ";"))(s)],
        "DOSE.csv, line 1", "holds a semicolon", "not guessed"),
    "another delimiter than was declared": ([sub("specs/raw/RANDOM.yaml", 'read: {delimiter: ";"}', "")],
        "RANDOM.csv, line 1", "holds a semicolon"),
    "a row with a field too many": ([sub(DOSE, ",75.5,", ",75,5,")], "DOSE.csv, line 9: 8 fields where 7 are expected"),
    "a row with a field too few": ([sub(DOSE, "50,STARTER,2025-06-30", "50,STARTER")], "DOSE.csv, line 2: 6 fields"),
    "a NUL byte": ([sub(EVENTS, "dizzy", "diz\0zy")], "EVENTS.csv, line 5: the file holds a NUL byte"),
    "an empty file": ([write(EVENTS, b"")], "EVENTS.csv: the file is empty", "from its source"),
    "bytes of another encoding": ([lambda s: write(EVENTS, (s / EVENTS).read_bytes().replace(b"dizzy", b"caf\xe9"))(s)],
        "EVENTS.csv, line 5, column 15: the byte 0xE9", "declare the encoding"),
    "two files of one form": ([write("raw/EVENTS.parquet", b"PAR1")],
        "EVENTS.csv and EVENTS.parquet", "none is preferred"),
    "a Parquet file that is none": ([write("raw/EVENTS.parquet", b"PAR1"), without(EVENTS)], "EVENTS"),
    "a link that leads out": ([link], "EVENTS.csv is a link that leads out", "the file itself"),
    "a subject who is not in DM": ([event("Fever", "999-001")], "AE.USUBJID: Every subject is in DM",
        "USUBJID=STARTER-01-999-001", "issues.json"),
    "a record without a subject": ([event("Fever", "")], "USUBJID"),
    "an arm that no spec knows": ([sub(RANDOM, "101-001;2025-01-13;A", "101-001;2025-01-13;C")],
        "EX.EXTRT", f"USUBJID=STARTER-01-{SUBJECT}"),
    "a report declared FINAL while errors are open": (
        [sub("study.yaml", "status: DRAFT", "status: FINAL"), sub(EVENTS, "12 FEB 2025", "31 FEB 2025")],
        "study.yaml:26: the report is declared FINAL while 1 error is open", "status: DRAFT"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.bad_input("B001", "B003", "B012", "B013", "B015", "B018", "B023", "B025", "B040", "B044", "B096")
def test_data_that_stop_the_run_end_it_with_code_3_and_nothing_is_written(tmp_path, capsys, name):
    changes, *texts = CASES[name]
    study = starter(tmp_path / "study", *changes)
    is_stopped(study, call(capsys, "run", study, "--jobs", 1), 3, *texts)


def test_a_run_that_stops_leaves_the_last_outputs_as_they_were(study, capsys):
    assert call(capsys, "run", study).code == 0
    before = {name: (study / "output" / name).read_bytes() for name in left(study)}
    sub("raw/RANDOM.csv", "101-001;2025-01-13;A", "101-001;2025-01-13;C")(study)  # found after EX and AE were built
    sub("study.yaml", "B: Placebo}", "B: Placebo, C: Third}")(study)
    sub("study.yaml", "B: PBO}", "B: PBO, C: THIRD}")(study)
    sub("specs/sdtm/EX.yaml", "when 'B' then", "when 'C' then 'THIRD' when 'B' then")(study)
    said = call(capsys, "run", study)
    assert said.code == 3
    assert "no level of G_TRTA" in said.err  # found last of all, when the table is made
    assert "to mend: " in said.err
    assert {name: (study / "output" / name).read_bytes() for name in left(study)} == before
