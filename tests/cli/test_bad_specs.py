"""Specs and study.yaml that are wrong: exit 2, file and line, the way out, and no data are read or written."""

import pytest
from starter import add, call, is_stopped, left, starter, sub, without, write

ADSL, DM, AE, EVENTS = "specs/adam/ADSL.yaml", "specs/sdtm/DM.yaml", "specs/sdtm/AE.yaml", "specs/raw/EVENTS.yaml"
TABLE, REPORT, STUDY = "specs/tlf/T14_3_1.yaml", "specs/report.yaml", "study.yaml"


def variable(text):
    """One more variable of ADSL."""
    return sub(ADSL, "  AGEGR1: case", f"  {text}\n  AGEGR1: case")


CASES = {
    "unknown column in an expression": ([sub(ADSL, "case when AGE < 65", "case when AEG < 65")],
        "specs/adam/ADSL.yaml:26: ADSL.AGEGR1: unknown name 'AEG'", "did you mean AGE"),
    "unknown column of a form": ([sub(AE, "AESPID: RECORDID", "AESPID: RECORDDI")],
        "specs/sdtm/AE.yaml:9: AE/raw.EVENTS.AESPID: unknown name 'RECORDDI'", "did you mean RECORDID?"),
    "two producers": ([sub(AE, "variables:\n", "variables:\n  AEREL: AESER\n")],
        "AE.AEREL has two producers", "keep one of them"),
    "a variable twice": ([sub(AE, "variables:\n", "variables:\n  AESEQ: auto\n")],
        "the key 'AESEQ' stands twice", "specs/sdtm/AE.yaml:24"),
    "an unknown key": ([sub(DM, "\nvariables:", "\nvariabels:")],
        "specs/sdtm/DM.yaml:17: DM.variabels: unknown key", "did you mean variables?"),
    "a circle": ([variable("X1: X2\n  X2: X1")], "a circle: ADSL.X1 needs ADSL.X2 needs ADSL.X1", "break it"),
    "a key twice in YAML": ([sub(DM, "keys: [USUBJID]", "keys: [USUBJID]\nkeys: [SUBJID]")],
        "specs/sdtm/DM.yaml:4: the key 'keys' stands twice", "keep one"),
    "a YAML alias": ([write(DM, "a: &a [x]\nb: [*a, *a]\ndataset: DM\n")], "uses an anchor or alias", "foreach"),
    "a YAML tag": ([sub(DM, "dataset: DM", "dataset: !!python/object/apply:os.system [ls]")],
        "uses the tag", "plain text"),
    "YAML that is deep": ([write(DM, "dataset: " + "[" * 5000 + "]" * 5000)], "is nested deeper than", "flatten it"),
    "YAML that is broken": ([sub(DM, "keys: [USUBJID]", "keys: [USUBJID")], "specs/sdtm/DM.yaml:", "in quotes"),
    "an empty study.yaml": ([write(STUDY, "")], "study.yaml: is empty", "key: value"),
    "a study.yaml that is no text": ([write(STUDY, b"\xff\xfe\x00")], "study.yaml:1: is not UTF-8", "UTF-8"),
    "a table elsewhere": ([add(STUDY, "tables:\n  X: ../../../../etc/passwd\n")],
        "lies outside the study", "beside specs"),
    "a table by its full path": ([add(STUDY, "tables:\n  X: /etc/passwd\n")], "lies outside the study", "beside specs"),
    "a raw file elsewhere": ([sub(EVENTS, "file: EVENTS.csv", "file: ../../x.csv")],
        "specs/raw/EVENTS.yaml:2: file: '../../x.csv' leads out of the raw folder", "--data raw=DIR"),
    "a raw file by its full path": ([sub(EVENTS, "file: EVENTS.csv", "file: /etc/passwd")], "leads out of", "--data"),
    "a raw file of Windows elsewhere": ([sub(EVENTS, "file: EVENTS.csv", r"file: ..\x.csv")], "leads out of", "--data"),
    "two contracts of one file": ([sub("specs/raw/ENDING.yaml", "file: ENDING.csv", "file: EVENTS.csv")],
        "file: EVENTS.csv has another contract at specs/raw/ENDING.yaml:2", "keep one contract"),
    "a dataset named as a path": ([sub(DM, "dataset: DM", "dataset: ../../DM")],
        "is no dataset name", "capital letters"),
    "an output named as a path": ([sub(TABLE, "id: T14_3_1", "id: ../../evil")], "T14_3_1.yaml:2", "make them equal"),
    "a file read in an expression": ([variable("XX: \"read_csv('/etc/passwd')\"")], "read_csv", "use a verb"),
    "the environment in an expression": ([variable("XX: getenv('HOME')")], "'getenv'", "known: "),
    "a subquery": ([variable("XX: (select 1)")], "specs/adam/ADSL.yaml:26: ADSL.XX: a subquery", "use a verb"),
    "a subquery in a filter": (
        [sub(ADSL, "where: ARMCD is not null", "where: ARMCD in (select content from read_text('/etc/passwd'))")],
        "specs/adam/ADSL.yaml:18: rows of ADSL/DM: a subquery", "use a verb"),
    "a second statement": ([sub(ADSL, "where: ARMCD is not null", "where: \"1 = 1; attach 'x.db'\"")],
        "specs/adam/ADSL.yaml:18:", "quotes, brackets"),
    "a contract's type misspelt": ([sub("specs/raw/DOSE.yaml", "{type: number}", "{type: numbr}")],
        "DOSE.yaml:9", "number"),
    "a spec called .yml": ([lambda study: (study / AE).rename(study / "specs/sdtm/AE.yml")],
        "AE.yml: is no .yaml file", "passed over in silence"),
    "no specs at all": ([without("specs/sdtm"), without("specs/adam"), without("specs/tlf")],
        "the study has no dataset specs", "one file per dataset"),
    "a status misspelt": ([sub(STUDY, "status: DRAFT", "status: FINALL")],
        "status cannot be 'FINALL'", "did you mean FINAL?"),
    "a weight misspelt": ([sub(STUDY, "fail_at: error", "fail_at: bad")], "fail_at cannot be 'bad'", "known: error"),
    "a cut-off that is no date": ([sub(STUDY, "cutoff: 2025-06-30", "cutoff: 30JUN2025")],
        "study.yaml:24: '30JUN2025' is no ISO 8601 date", "2016-03-08"),
    "a display of an unknown variable": ([sub(TABLE, "ADAE.ATOXGRN >= 3", "ADAE.ATOXGR9 >= 3")],
        "unknown variable ADAE.ATOXGR9", "did you mean A"),
    "an unknown footnote": ([sub(TABLE, "footnotes: [F1, F2]", "footnotes: [F1, F9]")],
        "unknown footnote 'F9'", "known: F1"),
    "an unknown format": ([sub(TABLE, "show: n_pct}", "show: n_pctt}")],
        "unknown format 'n_pctt'", "did you mean n_pct?"),
    "a condition with a subquery": ([sub(TABLE, "ADAE.ATOXGRN >= 3", "ADAE.ATOXGRN >= (select 1)")],
        "T14_3_1.yaml:13", "literals"),
    "a column set without its level": ([sub(REPORT, ", PBO: [2, Placebo]", "")], "PBO", "known: TEST"),
    "displays without report.yaml": ([without(REPORT)], "no report.yaml", "write it beside"),
    "another study in the report": ([sub(REPORT, "id: STARTER-01", "id: OTHER-02")],
        "study: id: is 'OTHER-02', and study.yaml says study: 'STARTER-01'", "the same in both"),
    "another cut-off in the report": ([sub(REPORT, "cutoff: 2025-06-30", "cutoff: 2025-05-31")],
        "study: cutoff: is '2025-05-31'", "the same in both"),
    "an unknown word in a suite": (
        [write("validation/suites/x.yaml", "expect:\n  - {id: X, dataset: DM, variabel: AGE, range: 0..1, text: x}\n")],
        "x.yaml:2: unknown word variabel", "did you mean variable?"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.bad_input("B035")
def test_a_wrong_spec_ends_with_code_2_and_nothing_is_written(tmp_path, capsys, name):
    changes, what, mend = CASES[name]
    study = starter(tmp_path / "study", *changes)
    if name == "a display of an unknown variable":  # variables of ADaM are known once they are built
        is_stopped(study, call(capsys, "run", study), 2, what, mend)
        return
    said = call(capsys, "lint", study)
    is_stopped(study, said, 2, what, mend)
    assert not (study / "output").exists()


def test_run_and_check_find_what_lint_finds_and_make_no_output(tmp_path, capsys):
    study = starter(tmp_path / "study", sub(ADSL, "case when AGE < 65", "case when AEG < 65"))
    for command in ("run", "check"):
        is_stopped(study, call(capsys, command, study), 2, "specs/adam/ADSL.yaml:26: ADSL.AGEGR1: unknown name 'AEG'")


def test_errors_of_datasets_displays_and_suites_are_told_together_and_once(tmp_path, capsys):
    suite = "expect:\n  - {id: X, dataset: DM, variabel: AGE, range: 0..1, text: x}\n"
    study = starter(
        tmp_path / "study",
        sub(ADSL, "case when AGE < 65", "case when AEG < 65"),
        sub(AE, "AESPID: RECORDID", "AESPID: RECORDDI"),
        sub(TABLE, "show: n_pct}", "show: n_pctt}"),
        write("validation/suites/x.yaml", suite),
    )
    said = call(capsys, "lint", study)
    assert said.code == 2
    for text in ("'AEG'", "'RECORDDI'", "unknown format 'n_pctt'", "unknown word variabel"):
        assert said.err.count(text) == 1 or (text == "'RECORDDI'" and text in said.err)


def test_lint_says_how_much_it_looked_at_and_needs_no_data(tmp_path, capsys):
    study = starter(tmp_path / "study", without("raw"))
    said = call(capsys, "lint", study)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("no errors in 6 dataset specs (")
    assert said.out.rstrip().endswith("5 contracts, 1 output, 0 suites of the study")
    assert left(study) == []
