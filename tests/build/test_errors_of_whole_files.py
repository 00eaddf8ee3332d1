"""Wrong files and studies: every error of every file is told, each once, with its line and the way out."""

import pytest
from harness import STUDY, trial
from wrong_studies import BASE, DATA, fault


def test_types_that_do_not_fit_are_told_with_variable_and_expression_line(tmp_path):
    found = fault(tmp_path, "  D: AGE + SEX")
    assert found.startswith("specs/adam/ADSL.yaml:6: ADSL.D: the expression does not fit its columns: ")
    assert found.endswith("text with text, dates with dates (date '2014-01-31'); cast() and dt() convert")


def test_all_errors_of_all_files_are_told_at_once(tmp_path):
    ade = (
        "dataset: ADE\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: [EXSEQ], wher: EXDOSE > 1}\n"
        "variables:\n  T: ADSL.SEXX\n"
    )
    lb = "dataset: LB\nkeys: [A]\nkeys: [B]\n"
    raw = {"D": "SUBJECT AGE\n11 50"}
    contract = {"D": "file: D.csv\nkind: form\ncolums: {SUBJECT: {}}"}
    made = trial(tmp_path, BASE + "  X: {sql: 1, const: 2}\n", ade, lb, sdtm=DATA, raw=raw, contracts=contract)
    assert made.fault().splitlines()[::2] == [
        "specs/raw/D.yaml:3: D.colums: unknown key 'colums'",
        "specs/sdtm/LB.yaml:3: the key 'keys' stands twice",
        "specs/adam/ADE.yaml:4: ADE.records.0.wher: unknown key 'wher'",
        "specs/adam/ADSL.yaml:6: ADSL.variables.X: has two producers: sql and const",
    ]


@pytest.mark.bad_input("B035")
def test_all_unknown_names_of_all_datasets_are_told_at_once(tmp_path):
    ade = (
        "dataset: ADE\nkeys: [EXSEQ, NOKEY]\nrecords:\n  - {from: EX, copy: [EXSEQ, EXDOES]}\n"
        "variables:\n  T: ADSL.SEXX\n"
    )
    found = trial(tmp_path, BASE + "  X: AEG\n  Y: AGGE\n", ade, sdtm=DATA).fault().splitlines()[::2]
    assert sorted(found) == [
        "specs/adam/ADE.yaml:2: ADE: the key NOKEY is no variable",
        "specs/adam/ADE.yaml:4: unknown name 'EXDOES' in copy of ADE/EX",
        "specs/adam/ADE.yaml:6: ADE.T: unknown name 'SEXX' in 'ADSL.SEXX': ADSL has none",
        "specs/adam/ADSL.yaml:6: ADSL.X: unknown name 'AEG' in 'AEG'",
        "specs/adam/ADSL.yaml:7: ADSL.Y: unknown name 'AGGE' in 'AGGE'",
    ]


def test_all_type_errors_of_all_datasets_are_told_at_once(tmp_path):
    ade = "dataset: ADE\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: [EXSEQ]}\nvariables:\n  T: length(EXSEQ)\n"
    found = trial(tmp_path, BASE + "  X: AGE + SEX\n  Y: SEX - 1\n", ade, sdtm=DATA).fault()
    assert [line.split(": ")[1] for line in found.splitlines()[::2]] == ["ADE.T", "ADSL.X", "ADSL.Y"]


@pytest.mark.bad_input("B035")
def test_a_circle_through_datasets_names_only_the_circle_once(tmp_path):
    adx = (
        "dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {from: DM}\nlookups: {A: {from: ADSL}}\n"
        "variables:\n  V: A.W\n  Z: V\n"
    )
    found = trial(tmp_path, BASE + "  W: {pick: {from: ADX, value: V}}\n", adx, sdtm=DATA).fault()
    circle = [line for line in found.splitlines() if "circle" in line]
    assert len(circle) == 1
    assert "ADX.V" in circle[0]
    assert "ADSL.W" in circle[0]
    assert "ADX.Z" not in circle[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "specs/adam/ADX.yaml: is empty or no mapping\n    to mend: write `key: value` lines"),
        ("- a", "specs/adam/ADX.yaml: is empty or no mapping\n    to mend: write `key: value` lines"),
        ("keys: [A]", "specs/adam/ADX.yaml:1: the key 'dataset' is missing\n    to mend: add it"),
        (
            "dataset: ADY\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: all}",
            (
                "specs/adam/ADX.yaml:1: the file is called ADX.yaml, the dataset ADY\n"
                "    to mend: rename the file to ADY.yaml"
            ),
        ),
        (
            "dataset: ADX\nkeys: [A]\nrecords:\n  - {from: EX, pick: {from: EX}}",
            (
                "specs/adam/ADX.yaml:4: ADX.records.0: a block has one of from, pick, tte, agg, response, python; "
                "here: from and pick\n    to mend: keep one"
            ),
        ),
        (
            "dataset: ADX\nkeys: [A]\nrecords:\n  - {where: A = 1}",
            (
                "specs/adam/ADX.yaml:4: ADX.records.0: a block has one of from, pick, tte, agg, response, python; "
                "here: none\n"
                "    to mend: keep one"
            ),
        ),
        (
            "dataset: ADX\nkeys: [A]\nrecords:\n  - {pick: {order: [A]}}",
            (
                "specs/adam/ADX.yaml:4: ADX.records.0.pick: pick needs either from or among\n"
                "    to mend: name one source in from, or several in among"
            ),
        ),
        (
            "dataset: ADX\nkeys: [A]",
            "specs/adam/ADX.yaml:1: ADX has no records\n    to mend: add records: with one block or more",
        ),
        (
            "dataset: ADX\nkeys: [EXSEQ]\ntables: {T: tables/none.csv}\nrecords:\n  - {from: EX, copy: all}",
            "specs/adam/ADX.yaml:3: no file 'tables/none.csv' in specs/\n    to mend: none is known here",
        ),
        (
            "dataset: ADX\nkeys: [EXSEQ]\ntables: {T: ../../x.csv}\nrecords:\n  - {from: EX, copy: all}",
            (
                "specs/adam/ADX.yaml:3: the table '../../x.csv' lies outside the study\n"
                "    to mend: keep tables beside specs"
            ),
        ),
        (
            (
                "dataset: ADX\nclass: BDS\nkeys: [A]\nsources: {DEATH: {from: DM, date: AGE}}\n"
                "records:\n  - {per: DM, tte: {start: AGE, events: [DETH], censors: [DEATH]}}"
            ),
            "specs/adam/ADX.yaml:6: ADX/rows: no source 'DETH' in sources\n    to mend: did you mean DEATH?",
        ),
        (
            "dataset: ADX\nkeys: [A]\nrecords:\n  - {from: EX, foreach: table.T}",
            "specs/adam/ADX.yaml:4: foreach: no table 'table.T'\n    to mend: none is known here",
        ),
    ],
)
def test_a_wrong_dataset_file_is_told_whole(tmp_path, text, message):
    made = trial(tmp_path, sdtm=DATA)
    (tmp_path / "specs" / "adam").mkdir()
    (tmp_path / "specs" / "adam" / "ADX.yaml").write_text(text, encoding="utf-8")
    assert message in made.fault()


@pytest.mark.parametrize(
    "lines",
    [
        "tables: [a, b]",
        "tables: {T: [a, b]}",
        "work:\n  - {id: W, from: EX, foreach: [a, b]}",
        "lookups: [a]",
        "records: {from: EX}",
        "include: [ADSL]",
        "maps: {M: [a]}",
        "checks: {id: A}",
        "variables: [A]",
        "keys: {A: b}",
        "inputs: DM",
    ],
)
def test_a_list_where_a_mapping_belongs_is_a_spec_error(tmp_path, lines):
    base = "dataset: ADSL\n" + ("" if "keys" in lines else "keys: [EXSEQ]\n")
    base += "" if "records" in lines else "records:\n  - {from: EX, copy: all}\n"
    found = fault(tmp_path, lines, base=base)
    assert found.startswith("specs/adam/ADSL.yaml:")
    assert "to mend: " in found


def test_an_empty_value_of_foreach_and_an_unknown_name_of_it_are_refused(tmp_path):
    base = BASE.replace(
        "{from: DM, copy: [AGE, SEX]}", "foreach:\n      - A:\n        B: b\n    from: DM\n    const: {X: x$A}"
    )
    assert "specs/adam/ADSL.yaml" in fault(tmp_path / "a", base=base.removesuffix("variables:\n"))
    base = BASE.replace("{from: DM, copy: [AGE, SEX]}", "foreach: [{A: a}]\n    from: DM\n    const: {X: $B}")
    assert "$B" in fault(tmp_path / "b", base=base.removesuffix("variables:\n"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dats: {formats: []}", "study.yaml:4: study.dats: unknown key 'dats'\n    to mend: did you mean dates?"),
        (
            "visits: {tabel: V}",
            "study.yaml:4: study.visits.tabel: unknown key 'tabel'\n    to mend: did you mean table?",
        ),
    ],
)
def test_a_wrong_word_of_study_yaml_is_told_with_its_line(tmp_path, line, message):
    assert fault(tmp_path, "  X: {const: Y}", study=STUDY.lstrip() + line) == message


def test_inputs_of_study_yaml_name_datasets_for_all_specs(tmp_path):
    base = BASE.replace("from: DM", "from: DEMOG")
    assert fault(tmp_path, "  X: {const: Y}", base=base, study=STUDY + "inputs: {DEMOG: DM}\n") == ""


def test_the_same_map_in_study_yaml_and_in_a_spec_is_refused(tmp_path):
    found = fault(tmp_path, "  X: {const: Y}\nmaps: {M: {a: b}}", study=STUDY + "maps: {M: {a: c}}\n")
    assert "the map M is in study.yaml too\n    to mend: keep one of them" in found


def test_a_number_that_does_not_fit_its_declared_type_is_told_with_its_variable(tmp_path):
    found = fault(tmp_path, "  X: {sql: AGE / 4, type: integer}")
    assert "ADSL.X" in found
    assert "to mend: " in found


def test_a_folder_without_study_yaml_is_told(tmp_path):
    made = trial(tmp_path, sdtm=DATA)
    (tmp_path / "study.yaml").unlink()
    assert made.fault().endswith("has no study.yaml\n    to mend: name a study folder, or make one: sdtm2adam new DIR")


def test_a_helper_may_not_have_a_name_of_the_engine(tmp_path):
    spec = "dataset: CE\nkeys: [_ROW]\nrecords:\n  - {from: AE, set: {_ROW: AESEQ}}"
    fault = trial(tmp_path, spec, sdtm={"AE": "USUBJID AESEQ:integer\nS1-1 1"}).fault(lint_only=True)
    assert "CE: _ROW is a name that the engine uses" in fault
