"""SQL of specs: what the list names is allowed, everything else is refused before it can run."""

import pytest

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.sql import as_bare_name, columns, parse, split_order
from sdtm2adam.spec.yaml import Text

ALLOWED = [
    "AGE", "AGE + 1", "-AGE", "AGE between 18 and 65", "SEX in ('M', 'F')", "SEX not in ('M')", "not (SEX = 'M')",
    "case when AGE < 65 then '<65' else '>=65' end", "coalesce(A, B, 'x')", "nullif(A, 'None')", "A || '-' || B",
    "concat(A, B)", "upper(trim(A))", "lower(A)", "substr(A, 1, 4)", "left(A, 4)", "right(A, 2)", "length(A)",
    "replace(A, 'x', 'y')", "split_part(A, '-', 2)", "lpad(A, 3, '0')", "starts_with(A, 'x')", "contains(A, 'x')",
    "regexp_matches(A, '^x')", "regexp_extract(A, '[0-9]+')", "regexp_replace(A, 'a', 'b')", "A like 'x%'",
    "A ilike 'x%'", "A is null", "A is not null", "round(A, 2)", "abs(A)", "floor(A)", "ceil(A)", "greatest(A, B)",
    "least(A, B)", "cast(A as integer)", "cast(A as double)", "cast('2014-01-01' as date)", "A::integer", "A / B",
    "A % 2", "A = B and C <> D or E >= F", "A is not distinct from B", "DM.RFSTDTC", "THIS.AGE",
    "dt(A, impute := 'first', min := B)", "dtm(A, time := 'last')", "study_day(A, B)", "recode(A, 'MAP')",
    "list_position(['a', 'b'], A)", "Comment", '"Odd name"', "sqrt(A)", "ln(A)", "exp(A)", "power(A, 2)", "null",
    "'it''s'", "true",
]  # fmt: skip
REFUSED = [
    "(select 1)", "A in (select 1)", "exists (select 1)", "sum(A)", "count(*)", "row_number() over ()", "random()",
    "now()", "current_date", "current_timestamp", "today()", "uuid()", "getenv('HOME')", "read_csv('x')",
    "read_text('/etc/passwd')", "A; B", "A as B", "A, B", "(A, B)", "*", "list_transform([1], x -> x)", "A[1]",
    "{'a': 1}", "date_diff('day', A, B)", "strptime(A, '%Y')", "pg_sleep(1)", "A -- x\n; drop table t", "unnest([1])",
    "cast(A as blob)", "cast(A as json)", "a.b.c", "current_setting('x')", "version()", "nextval('s')", "A from t",
    "A where B", "A limit 1", "A union select 1", "$1", "?", "sum(A) over ()", "DT(A)", "interval '1 day'",
    "collate(A)", "A collate nocase", "try(A)", "quantile_cont(A, 0.5)",
]  # fmt: skip


@pytest.mark.parametrize("text", ALLOWED)
def test_a_row_expression_of_the_list_is_allowed(text):
    parse(Text(text, "S.yaml:1"))


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.bad_input("B039")
def test_what_the_list_does_not_name_is_refused_with_place_and_way_out(text):
    with pytest.raises(SpecError) as error:
        parse(Text(text, "S.yaml:1"))
    assert error.value.where == "S.yaml:1"
    assert error.value.mend


def test_a_name_with_a_blank_is_told_as_it_is_called_here():
    with pytest.raises(SpecError) as error:
        parse(Text("First Dose", "S.yaml:1"))
    assert error.value.message == (
        "S.yaml:1: 'First Dose' is two names beside each other\n"
        "    to mend: join them by an operator; a raw column that the file calls 'First Dose' is First_Dose here"
    )


@pytest.mark.parametrize("word", ["from", "case", "WHERE", "not", "union"])
def test_a_name_that_is_a_word_of_sql_is_told_how_to_be_written(word):
    with pytest.raises(SpecError) as error:
        parse(Text(word, "S.yaml:1"))
    assert error.value.message == (
        f"S.yaml:1: {word!r} is a word of SQL, and no name as it stands\n"
        f"""    to mend: write '"{word}"' for a column of that name"""
    )
    assert as_bare_name(Text(f'"{word}"')) == word


@pytest.mark.parametrize(
    ("text", "said"),
    [("A = null", "with null"), ("A != null", "with null"), ("null > A", "with null"),
     ("A in ('x', null)", "with null"), ("not A in (1, null)", "with null"), ("A = ''", "never empty"),
     ("'' = A", "never empty"), ("A in ('', 'x')", "never empty")],
)  # fmt: skip
def test_a_comparison_that_is_never_true_is_refused(text, said):
    with pytest.raises(SpecError, match=said) as error:
        parse(Text(f"case when {text} then 1 end"))
    assert "`X is null`" in error.value.mend


@pytest.mark.parametrize("text", ["A <> ''", "coalesce(A, '') = ''", "A is null", "A = B", "nullif(A, '')"])
def test_comparisons_that_mean_what_they_say_are_allowed(text):
    parse(Text(text))


@pytest.mark.parametrize("text", ["", " ", "A +", "case when A then 1", "'x", "(A", "A)", "A B C", "select", "1 +* 2"])
def test_what_is_no_sql_is_refused_in_words(text):
    with pytest.raises(SpecError) as error:
        parse(Text(text, "S.yaml:1"))
    assert "Traceback" not in error.value.message
    assert "ParseError" not in error.value.message


@pytest.mark.parametrize(
    "text", ["sum(A)", "count(*)", "count(distinct A)", "min(A)", "max(A)", "avg(A)", "median(A)", "stddev(A)",
             "sum(A) filter (where B = 1)", "pctl5(A, 0.25)", "round(sum(A * B), 2)", "bool_or(A = 1)"],
)  # fmt: skip
def test_aggregates_are_allowed_in_an_agg_only(text):
    parse(Text(text), aggregate=True)
    with pytest.raises(SpecError, match="not"):
        parse(Text(text))


@pytest.mark.parametrize(
    "text", ["quantile_cont(A, 0.5)", "mode(A)", "string_agg(A)", "first(A)", "any_value(A)", "list(A)"]
)
def test_aggregates_whose_value_may_hang_on_the_order_of_rows_are_refused(text):
    with pytest.raises(SpecError):
        parse(Text(text), aggregate=True)


def test_the_names_of_an_expression_come_with_their_qualifiers_once():
    tree = parse(Text("case when DM.AGE > AGE then DM.AGE else THIS.X end"))
    assert list(columns(tree)) == [("DM", "AGE"), ("", "AGE"), ("THIS", "X")]


@pytest.mark.parametrize(
    ("text", "expression", "down"),
    [("ADT", "ADT", False), ("ADT desc", "ADT", True), ("ADT DESC", "ADT", True), ("ADT asc", "ADT", False),
     ("coalesce(A, B)  desc", "coalesce(A, B)", True)],
)  # fmt: skip
def test_an_order_item_is_an_expression_and_a_direction(text, expression, down):
    assert split_order(Text(text)) == (expression, down)


def test_a_bare_name_is_told_from_an_expression():
    assert as_bare_name(Text("AGE")) == "AGE"
    assert as_bare_name(Text("DM.AGE")) == as_bare_name(Text("AGE + 1")) == ""
