"""Like is compared with like: what mixes types is told before data are read, and never decided by the values."""

import pytest
from harness import is_drawn, trial

XX = {"XX": "USUBJID A N:integer D:date T:datetime\n1 10 1 2014-01-02 2014-01-02T10:00:00\n2 x 2 . ."}


def spec(expression):
    """ADX with one variable."""
    return f'dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {{from: XX, copy: all}}\nvariables:\n  Z: "{expression}"\n'


@pytest.mark.parametrize(
    "expression",
    [
        "A > 5", "A between 5 and 20", "A + 1", "coalesce(A, 0)", "least(A, 5)", "A like 9", "length(N)", "abs(A)",
        "round(A, 1)", "D + 0.5", "left(N, 1)", "substr(D, 1, 4)", "list_position([9, 10], A)", "A + D",
    ],
)  # fmt: skip
def test_text_numbers_and_dates_do_not_mix(tmp_path, expression):
    found = trial(tmp_path, spec(expression), sdtm=XX).fault(lint_only=True)
    assert found.startswith("specs/adam/ADX.yaml:6: ADX.Z: the expression does not fit its columns: ")


@pytest.mark.parametrize(
    ("expression", "first", "second"),
    [("N = '1'", "Y", "N"), ("N in ('1', '3')", "Y", "N"), ("D > '2014-01-01'", "Y", "."),
     ("D = '2014-01-02'", "Y", "."),
     ("D <= T", "Y", "."), ("T > D", "Y", "."), ("D + 1", "2014-01-03", "."), ("D || ''", "2014-01-02", "."),
     ("N || '-' || A", "1-10", "2-x"), ("N = 1.0", "Y", "N")],
)  # fmt: skip
def test_a_literal_takes_the_type_of_what_it_stands_beside(tmp_path, expression, first, second):
    made = trial(tmp_path, spec(expression), sdtm=XX).build().datasets["ADX"]
    is_drawn(made, f"USUBJID Z\n1 {first}\n2 {second}")


def test_a_span_of_time_is_no_value_of_a_variable(tmp_path):
    found = trial(tmp_path, spec("T - D"), sdtm=XX).fault(lint_only=True)
    assert found.startswith("specs/adam/ADX.yaml:6: ADX.Z is made as interval, which no variable can be")


@pytest.mark.parametrize(
    "expression",
    [
        "A = 10",
        "A in (9, 10)",
        "nullif(A, 9)",
        "D = '2014-01'",
        "case when D is null then 'none' else D end",
        "N = D",
    ],
)
def test_a_value_never_decides_whether_a_spec_is_right(tmp_path, expression):
    study = trial(tmp_path, spec(expression), sdtm=XX)
    assert study.fault(lint_only=True).startswith("specs/adam/ADX.yaml:6: ADX.Z")


@pytest.mark.parametrize("block", ["where: A, copy: all", "where: N, copy: all", "copy: all, having: N"])
def test_a_condition_is_true_or_false(tmp_path, block):
    text = f"dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {{from: XX, {block}}}"
    assert trial(tmp_path, text, sdtm=XX).fault(lint_only=True).startswith("specs/adam/ADX.yaml:4")


@pytest.mark.parametrize(
    "expression",
    [
        "case A when 10 then 1 else 2 end", "case when N = 1 then 'a' else N end", "A is distinct from 10",
        "case when A = 'x' and A <> 3 then 1 end", "coalesce(D, 'none')", "greatest(D, 'x')",
        "D between '2014-01' and T",
        "D in ('2014-01-02', 'x')", "length(case when A = 1 then 'x' end)",
    ],
)  # fmt: skip
def test_types_mix_nowhere_inside_an_expression(tmp_path, expression):
    assert trial(tmp_path, spec(expression), sdtm=XX).fault(lint_only=True).startswith("specs/adam/ADX.yaml:6: ADX.Z")


@pytest.mark.parametrize(
    "producer",
    [
        "{agg: {from: XX, where: A = 10, value: count(*)}}",
        "{agg: {from: XX, value: max(case when A = 1 then N end)}}",
        "{pick: {from: XX, where: A <> 1, order: [N], take: last, value: N}}",
        "{pick: {from: XX, order: [N], take: last, value: 'nullif(A, 10)'}}",
        "{sql: N, when: A = 10}",
    ],
)  # fmt: skip
def test_types_mix_in_no_producer(tmp_path, producer):
    text = f"dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {{from: XX, copy: all}}\nvariables:\n  Z: {producer}\n"
    assert trial(tmp_path, text, sdtm=XX).fault(lint_only=True).startswith("specs/adam/ADX.yaml:6: ADX.Z")


@pytest.mark.parametrize("block", ["where: A = 10, copy: all", "copy: all, having: A in (1)"])
def test_types_mix_in_no_condition_of_records(tmp_path, block):
    text = f"dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {{from: XX, {block}}}"
    assert trial(tmp_path, text, sdtm=XX).fault(lint_only=True).startswith("specs/adam/ADX.yaml:4")


@pytest.mark.parametrize(
    "expression",
    [
        "case N when 1 then 'a' else 'b' end", "case when A = 'x' then D end", "nullif(A, 'x')", "coalesce(A, 'none')",
        "D in ('2014-01-02')", "T > '2014-01-02 09:00'", "greatest(N, 2.5)", "N is distinct from 1",
        "case when A is null then null else N end",
    ],
)  # fmt: skip
def test_what_is_of_one_type_is_let_through(tmp_path, expression):
    trial(tmp_path, spec(expression), sdtm=XX).build()
