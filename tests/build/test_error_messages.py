"""Whole messages: what is wrong, where (file and line), how to mend it."""

import pytest
from harness import STUDY, trial

DM = "USUBJID STUDYID AGE:integer SEX\nS1-1 S1 50 M\nS1-2 S1 61 F"
EX = "USUBJID EXSEQ:integer EXTRT EXDOSE:float\nS1-1 1 A 10\nS1-1 2 B 20\nS1-2 1 A 5"
DATA = {"DM": DM, "EX": EX}
BASE = """dataset: ADSL
keys: [USUBJID]
records:
  - {from: DM, copy: [AGE, SEX]}
variables:
"""
ROW = "use a verb (pick, exists, agg, flag, seq) for what needs other rows; see docs/spec-grammar.md for functions"


def fault(folder, variables="", base=BASE, **more):
    """The message that stops a study with these variables in ADSL; line 6 is their first."""
    return trial(folder, base + variables, **({"sdtm": DATA} | more)).fault()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "  AGEGR1: case when AEG < 65 then '<65' end",
            (
                "specs/adam/ADSL.yaml:6: unknown name 'AEG' in \"case when AEG < 65 then '<65' end\" (ADSL)\n"
                "    to mend: did you mean AGE?"
            ),
        ),
        (
            "  SAFFL: {exists: {form: EX}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.variables.SAFFL.exists.form: unknown key 'form'\n"
                "    to mend: did you mean from?"
            ),
        ),
        (
            "  SAFFL: {exist: {from: EX}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.variables.SAFFL.exist: unknown key 'exist'\n"
                "    to mend: did you mean exists?"
            ),
        ),
        (
            "  SAFFL: {exists: {from: EX}, seq: {by: []}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.variables.SAFFL: has two producers: exists and seq\n"
                "    to mend: keep one of them"
            ),
        ),
        (
            "  AGE: AGE + 1",
            (
                "specs/adam/ADSL.yaml:6: ADSL.AGE has two producers: the records and variables\n"
                "    to mend: keep one of them"
            ),
        ),
        (
            "  HEIGHT:",
            (
                "specs/adam/ADSL.yaml:1: ADSL.HEIGHT has no producer, and the records have no column of that name\n"
                "    to mend: known: AGE, SEX, STUDYID, USUBJID"
            ),
        ),
        (
            "  A: B + 1\n  B: C\n  C: A\n  D: A",
            (
                "specs/adam/ADSL.yaml:6: a circle: ADSL.A needs ADSL.B needs ADSL.C needs ADSL.A\n"
                "    to mend: break it: one of these must come from other data"
            ),
        ),
        (
            "  D: {pick: {from: EX, value: EXDOSE}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.D: pick without order must match at most one row, but 1 row has more "
                "(first: USUBJID S1-1, 2 rows)\n"
                "    to mend: correct the source if it holds a record twice; else add order: and take:, or narrow where:"
            ),
        ),
        (
            "  D: {pick: {from: EX, order: [USUBJID], value: EXTRT}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.D: order [USUBJID] leaves 1 ties with different values\n"
                "    to mend: add a column to order that decides, or say ties: any"
            ),
        ),
        (
            "  D: (select max(EXDOSE) from EX)",
            (
                "specs/adam/ADSL.yaml:6: a subquery in '(select max(EXDOSE) from EX)' is not allowed in a row expression\n"
                f"    to mend: {ROW}"
            ),
        ),
        (
            "  D: sum(AGE)",
            (
                f"specs/adam/ADSL.yaml:6: function sum in 'sum(AGE)' is not allowed in a row expression\n"
                f"    to mend: {ROW}"
            ),
        ),
        (
            "  D: studyday(AGE, AGE)",
            (
                "specs/adam/ADSL.yaml:6: function 'studyday' in 'studyday(AGE, AGE)' is not in the list of "
                "allowed functions\n"
                "    to mend: did you mean study_day?"
            ),
        ),
        (
            "  D: {sql: coalesce(AGE, 1)}",
            (
                "specs/adam/ADSL.yaml:6: 'coalesce(AGE' looks like a part of a text that a comma has split\n"
                "    to mend: a text with a comma inside { } or [ ] must be in quotes, or use the indented form"
            ),
        ),
        (
            "  D: case when AGE then 1",
            (
                "specs/adam/ADSL.yaml:6: 'case when AGE then 1' cannot be read as SQL near '1'\n"
                "    to mend: check quotes, brackets and the end of each case"
            ),
        ),
        (
            "  D: {pick: {from: EXX, value: EXDOSE}}",
            "specs/adam/ADSL.yaml:6: no source 'EXX'\n    to mend: did you mean EX?",
        ),
        (
            "  D: {pick: {from: EX, order: [EXSEQ], value: EXDOES}}",
            "specs/adam/ADSL.yaml:6: unknown name 'EXDOES' in 'EXDOES'\n    to mend: did you mean EXDOSE?",
        ),
        (
            "  D: {pick: {from: EX, by: [SITEID], value: EXDOSE}}",
            (
                "specs/adam/ADSL.yaml:6: unknown name 'SITEID' in 'SITEID'\n"
                "    to mend: known: EXDOSE, EXSEQ, EXTRT, USUBJID"
            ),
        ),
        (
            "  D: {pick: {from: EX, order: [EXSEQ]}}",
            "specs/adam/ADSL.yaml:6: D: pick has no value\n    to mend: add value: the column to take",
        ),
        (
            "  D: EX.EXDOSE",
            "specs/adam/ADSL.yaml:6: unknown name 'EX' before the dot in 'EX.EXDOSE'\n    to mend: known: ADSL, THIS",
        ),
        (
            "  D: recode(SEX, 'SEXES')",
            "specs/adam/ADSL.yaml:6: recode: no map 'SEXES'\n    to mend: none is known here",
        ),
        (
            "  D: \"dt(SEX, imput := 'first')\"",
            "specs/adam/ADSL.yaml:6: dt() has no argument 'imput'\n    to mend: did you mean impute?",
        ),
        (
            "  D: \"dt(SEX, impute := 'middle')\"",
            "specs/adam/ADSL.yaml:6: impute := 'middle'\n    to mend: one of 'first', 'last'",
        ),
        (
            "  DF: {imputed: AGE}",
            (
                "specs/adam/ADSL.yaml:6: imputed: AGE is not made by dt() or dtm() in this spec\n"
                "    to mend: make the flag beside the date, in each block's set"
            ),
        ),
        (
            "  D: {const: X, type: number}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.variables.D.type: 'number' is not one of text, integer, float, date, "
                "datetime, time\n    to mend: known: date, datetime, float, integer, text, time"
            ),
        ),
        (
            "  TRTSDT: SEX",
            (
                "specs/adam/ADSL.yaml:6: ADSL.TRTSDT is made as text, and is float by the spec or standard\n"
                "    to mend: convert it with cast(), or say its type"
            ),
        ),
        (
            "  D: {auto: auto}\n  E: auto",
            "specs/adam/ADSL.yaml:6: ADSL.D: the standard prescribes no way to make it",
        ),
    ],
)
def test_a_wrong_line_of_a_spec_is_told_whole(tmp_path, line, message):
    found = fault(tmp_path, line)
    if "to mend" in message:
        assert found == message
    else:
        assert found.startswith(message)


def test_types_that_do_not_fit_are_told_with_variable_and_expression_line(tmp_path):
    found = fault(tmp_path, "  D: AGE + SEX")
    assert found.startswith("specs/adam/ADSL.yaml:6: ADSL.D: the expression does not fit its columns: ")
    assert found.endswith("to mend: compare like with like: text with text, dates with dates; cast() and dt() convert")


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


def test_all_unknown_names_of_all_datasets_are_told_at_once(tmp_path):
    ade = (
        "dataset: ADE\nkeys: [EXSEQ, NOKEY]\nrecords:\n  - {from: EX, copy: [EXSEQ, EXDOES]}\n"
        "variables:\n  T: ADSL.SEXX\n"
    )
    found = trial(tmp_path, BASE + "  X: AEG\n  Y: AGGE\n", ade, sdtm=DATA).fault().splitlines()[::2]
    assert sorted(found) == [
        "specs/adam/ADE.yaml:2: ADE: the key NOKEY is no variable",
        "specs/adam/ADE.yaml:4: unknown name 'EXDOES' in copy of ADE/EX",
        "specs/adam/ADE.yaml:6: unknown name 'SEXX' in 'ADSL.SEXX': ADSL has none",
        "specs/adam/ADSL.yaml:6: unknown name 'AEG' in 'AEG' (ADSL)",
        "specs/adam/ADSL.yaml:7: unknown name 'AGGE' in 'AGGE' (ADSL)",
    ]


def test_all_type_errors_of_all_datasets_are_told_at_once(tmp_path):
    ade = "dataset: ADE\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: [EXSEQ]}\nvariables:\n  T: length(EXSEQ)\n"
    found = trial(tmp_path, BASE + "  X: AGE + SEX\n  Y: SEX - 1\n", ade, sdtm=DATA).fault()
    assert [line.split(": ")[1] for line in found.splitlines()[::2]] == ["ADE.T", "ADSL.X", "ADSL.Y"]


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
                "specs/adam/ADX.yaml:4: ADX.records.0: a block has one of from, pick, tte, agg; here: from and "
                "pick\n    to mend: keep one"
            ),
        ),
        (
            "dataset: ADX\nkeys: [A]\nrecords:\n  - {where: A = 1}",
            (
                "specs/adam/ADX.yaml:4: ADX.records.0: a block has one of from, pick, tte, agg; here: none\n"
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
            "specs/adam/ADX.yaml:6: no source 'DETH'\n    to mend: did you mean DEATH?",
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
