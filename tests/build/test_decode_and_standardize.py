"""The verbs `decode` and `standardize`, and results whose decimal mark is a comma."""

import pytest
from findings_study import DM, LABS, LB, SHARED, SUBJECTS, TABLES, lab
from harness import is_drawn, told, trial

BY_VERB = LB.replace("LBTEST: auto", "LBTEST: {decode: --TESTCD}").replace(
    "LBSTRESC: auto", "LBSTRESC: {standardize: {}}"
)


def test_the_verbs_make_what_auto_makes(tmp_path):
    one, other = lab(tmp_path / "a").datasets["LB"], lab(tmp_path / "b", lb=BY_VERB).datasets["LB"]
    assert one.frame.equals(other.frame)


def test_a_helper_is_decoded_by_the_lists_of_its_name_or_by_the_studys_map(tmp_path):
    spec = """
dataset: RS
keys: [RSTESTCD]
maps: {_TEST: {A: Apple}}
records: [{from: raw.F, set: {RSTESTCD: T, _A: T}}]
variables: {_TEST: {decode: _A}, RSORRES: _TEST, RSTEST: {decode: --TESTCD}}
"""
    built = trial(tmp_path, spec, raw={"F": "SUBJECT T\n1 A\n1 OVRLRESP"}).build()
    is_drawn(built.datasets["RS"], """
        RSTESTCD RSORRES RSTEST
        A        Apple   .
        OVRLRESP .       Overall_Response
    """)  # fmt: skip
    assert [(i.rule, i.variable, i.value) for i in built.issues if i.rule == "decode-unknown"] == [
        ("decode-unknown", "RSTEST", "A"), ("decode-unknown", "_TEST", "OVRLRESP"),
    ]  # fmt: skip


def test_text_results_are_standardized_through_the_codelist_that_is_named(tmp_path):
    spec = """
dataset: LB
keys: [LBTESTCD]
records: [{from: raw.F, set: {LBTESTCD: T, LBORRES: R}}]
variables: {LBSTRESC: {standardize: {codelist: NY}}, LBSTRESN: auto}
"""
    rows = "SUBJECT T R\n1 HGB Yes\n1 ALB no\n1 PLAT maybe\n1 WBC 5"
    built = trial(tmp_path, spec, raw={"F": rows}).build()
    is_drawn(built.datasets["LB"], """
        LBTESTCD LBORRES LBSTRESC LBSTRESN
        ALB      no      N        .
        HGB      Yes     Y        .
        PLAT     maybe   maybe    .
        WBC      5       5        5
    """)  # fmt: skip
    assert ("codelist-unmapped", 1) in told(built)


def test_standardize_makes_nothing_but_standard_results(tmp_path):
    lb = LB.replace("LBSTRESC: auto", "LBSTRESC: auto\n  LBCAT: {standardize: {}}")
    made = trial(tmp_path, DM, lb, raw={"D": SUBJECTS, "L": LABS}, study=SHARED, tables=TABLES)
    assert "LB.LBCAT: standardize makes --STRESC, --STRESN and --STRESU" in made.fault(lint_only=True)


COMMA = """
dataset: LB
keys: [LBSPID]
records:
{blocks}
variables: {{LBSTRESC: auto, LBSTRESN: auto, LBSTRESU: auto}}
"""
ONE = "  - {{from: raw.{form}, set: {{LBTESTCD: T, LBORRES: R, LBORRESU: U, LBSPID: ID}}}}"
CONTRACT = "file: {form}.csv\n{read}key: [ID]\ncolumns: {{ID: {{}}, SUBJECT: {{}}, T: {{}}, R: {{}}, U: {{}}}}"
ROWS = "ID SUBJECT T R U\n{n}1 1 HGB 12,3 g/dL\n{n}2 1 HGB 12.4 g/dL\n{n}3 1 HGB <0,1 g/L\n{n}4 1 HGB 1,2,3 g/L"


@pytest.mark.parametrize("both", [False, True], ids=["one form", "beside a form with points"])
def test_a_comma_is_a_decimal_mark_in_results_of_the_forms_that_say_so(tmp_path, both):
    forms = {"F": "read: {decimal: ','}\n"} | ({"P": ""} if both else {})
    built = trial(
        tmp_path,
        COMMA.format(blocks="\n".join(ONE.format(form=form) for form in forms)),
        raw={form: ROWS.format(n=form) for form in forms},
        contracts={form: CONTRACT.format(form=form, read=read) for form, read in forms.items()},
        study=SHARED,
        tables=TABLES,
    ).build()
    is_drawn(built.datasets["LB"], """
        LBSPID LBORRES LBSTRESC LBSTRESN
        F1     12,3    123      123
        F2     12.4    12.4     .
        F3     <0,1    <0,1     .
        F4     1,2,3   1,2,3    .""" + ("""
        P1     12,3    12,3     .
        P2     12.4    124      124
        P3     <0,1    <0,1     .
        P4     1,2,3   1,2,3    .
    """ if both else ""))  # fmt: skip
    unclear = {key for i in built.issues if i.rule == "number-unclear" for key in i.keys}
    named = {"F": ["F2", "F4"], "P": ["P1", "P4"]}
    assert unclear == {f"USUBJID=S1-1, raw.{form} ID={key}" for form in forms for key in named[form]}


def test_a_test_with_two_standard_units_is_refused(tmp_path):
    tables = TABLES | {"units.csv": TABLES["units.csv"] + "HGB,mmol/L,mmol/L,,,\n"}
    made = trial(tmp_path, DM, LB, raw={"D": SUBJECTS, "L": LABS}, study=SHARED, tables=tables)
    assert "HGB has two standard units: g/L and mmol/L" in made.fault(lint_only=True)


def test_the_records_whose_decimal_mark_is_a_comma_are_named_by_a_condition(tmp_path):
    spec = "dataset: LB\nkeys: [LBSPID]\nrecords:\n" + ONE.format(form="F")
    spec += "\nvariables: {LBSTRESC: auto, LBSTRESN: auto, LBSTRESU: auto}"
    contract = CONTRACT.replace("R: {{}}", "R: {{}}, W: {{type: number}}")
    contract = contract.format(form="F", read="read: {decimal: ',', decimal_where: SUBJECT = '2'}\n")
    spec = spec.replace("LBORRES: R", "LBORRES: R, LBORNRLO: W + 0")
    rows = """
ID SUBJECT T R U W
A 1 HGB 12.3 g/dL 1.200
B 2 HGB 12,3 g/dL 1,2
C 2 HGB 1.234 g/L 1.200
D 1 HGB 1,5 g/dL 1,2
"""
    built = trial(tmp_path, spec, raw={"F": rows}, contracts={"F": contract}, study=SHARED, tables=TABLES).build()
    is_drawn(built.datasets["LB"], """
        LBSPID LBORRES LBSTRESC LBSTRESN LBORNRLO
        A      12.3    123      123      1.2
        D      1,5     1,5      .        .
        B      12,3    123      123      1.2
        C      1.234   1.234    .        .
    """)  # fmt: skip
    assert sorted((i.rule, i.keys[0]) for i in built.issues if i.rule != "codelist-extended") == [
        ("not-a-number", "ID=C"), ("not-a-number", "ID=D"),
        ("number-unclear", "USUBJID=S1-1, raw.F ID=D"), ("number-unclear", "USUBJID=S1-2, raw.F ID=C"),
    ]  # fmt: skip


@pytest.mark.parametrize(("type_", "collected"), [("text", "12,3"), ("number", "12.3")])
def test_a_point_beside_a_decimal_comma_gives_no_standard_number_in_columns_of_any_type(tmp_path, type_, collected):
    contract = CONTRACT.replace("R: {{}}", f"R: {{{{type: {type_}}}}}").format(form="F", read="read: {decimal: ','}\n")
    rows = "ID SUBJECT T R U\n1 1 HGB 12,3 g/dL\n2 1 HGB 1.234 g/dL\n3 1 HGB 13 g/dL"
    spec = COMMA.format(blocks=ONE.format(form="F"))
    built = trial(tmp_path, spec, raw={"F": rows}, contracts={"F": contract}, study=SHARED, tables=TABLES).build()
    is_drawn(built.datasets["LB"], f"""
        LBSPID LBORRES     LBSTRESC LBSTRESN LBSTRESU
        1      {collected} 123      123      g/L
        2      1.234       1.234    .        .
        3      13          130      130      g/L
    """)  # fmt: skip
    assert [i.keys for i in built.issues if i.rule == "number-unclear"] == [("USUBJID=S1-1, raw.F ID=2",)]


def test_digits_of_a_text_result_are_never_given_a_unit_that_they_were_not_collected_in(tmp_path):
    rows = "ID SUBJECT T R U"
    results = ["<0.5 g/dL", ">=12.34 g/dL", "<5.5 g/L", "1-2 g/dL", "1-2 g/L", "ND g/dL", "<0,5 g/dL", "<5 lots"]
    rows += "".join(f"\n{n} 1 HGB {result}" for n, result in enumerate(results, start=1))
    spec = COMMA.format(blocks=ONE.format(form="F"))
    contract = CONTRACT.format(form="F", read="")
    built = trial(tmp_path, spec, raw={"F": rows}, contracts={"F": contract}, study=SHARED, tables=TABLES).build()
    is_drawn(built.datasets["LB"], """
        LBSPID LBORRES LBSTRESC LBSTRESN LBSTRESU
        1      <0.5    <5       .        g/L
        2      >=12.34 >=123.4  .        g/L
        3      <5.5    <5.5     .        g/L
        4      1-2     1-2      .        .
        5      1-2     1-2      .        g/L
        6      ND      ND       .        g/L
        7      <0,5    <0,5     .        .
        8      <5      .        .        .
    """)  # fmt: skip
    heavy = sorted((i.rule, i.value) for i in built.issues if i.severity == "error")
    assert heavy == [
        ("result-not-converted", "HGB / 1-2 / g/dL"),
        ("result-not-converted", "HGB / <0,5 / g/dL"),
        ("unit-unknown", "HGB / <5 / lots"),
    ]


def test_a_point_beside_a_decimal_comma_is_unclear_whatever_way_the_text_came(tmp_path):
    spec = """
dataset: LB
keys: [LBSPID, LBCAT]
work: [{id: W, from: raw.F, copy: [T, R, U, ID]}]
records:
  - {from: W, set: {LBTESTCD: T, LBORRES: R, LBORRESU: U, LBSPID: ID}, const: {LBCAT: WORK}}
  - {from: raw.F, set: {LBTESTCD: T, LBORRES: trim(R), LBORRESU: U, LBSPID: ID}, const: {LBCAT: TRIM}}
  - {from: raw.F, set: {LBTESTCD: T, LBORRES: "replace(R, ',', '.')", LBORRESU: U, LBSPID: ID}, const: {LBCAT: OWN}}
  - {from: raw.F, set: {LBTESTCD: T, LBORRES: N + 1, LBORRESU: U, LBSPID: ID}, const: {LBCAT: SUM}}
variables: {LBSTRESC: auto, LBSTRESN: auto, LBSTRESU: auto}
"""
    contract = CONTRACT.replace("R: {{}}", "R: {{}}, N: {{type: number}}").format(
        form="F", read="read: {decimal: ','}\n"
    )
    rows = "ID SUBJECT T R U N\n1 1 HGB 1.234 g/L 1,5\n2 1 HGB 12,3 g/L 1,5"
    built = trial(tmp_path, spec, raw={"F": rows}, contracts={"F": contract}, study=SHARED, tables=TABLES).build()
    is_drawn(built.datasets["LB"], """
        LBSPID LBCAT LBORRES LBSTRESC LBSTRESN
        1      OWN   1.234   1.234    .
        1      SUM   2.5     3        3
        1      TRIM  1.234   1.234    .
        1      WORK  1.234   1.234    .
        2      OWN   12.3    12       12
        2      SUM   2.5     3        3
        2      TRIM  12,3    12,3     .
        2      WORK  12,3    12,3     .
    """)  # fmt: skip
    unclear = {i.value for i in built.issues if i.rule == "number-unclear"}
    assert unclear == {"HGB / 1.234 / g/L", "HGB / 12,3 / g/L"}
