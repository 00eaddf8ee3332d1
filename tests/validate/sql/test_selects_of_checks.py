"""The SELECT of a check: what it may say, and that all else is refused with a way out."""

import pytest

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.yaml import Text
from sdtm2adam.validate.sql.grammar import parse_select


def parsed(text):
    return parse_select(Text(text, "rule.yaml:5"))


@pytest.mark.parametrize(
    "text",
    [
        "select A from DM",
        'select "--STDTC", d.USUBJID from DATASET d where low("--STDTC") > high("--ENDTC")',
        "select A from AE qualify count(*) over (partition by USUBJID order by AESEQ) > 1",
        "with x as (select USUBJID, max(B) as m from AE group by 1) select d.A from DM d join x on x.B = d.B",
        "select A from DM where USUBJID not in (select USUBJID from EX as e)",
        "select A from DM d where not exists (select 1 from meta.texts as t where t.dataset = 'DM')",
        'select d.A from DATASET d left join "SUPP--" as s on s.USUBJID = d.USUBJID',
        "select A, case when B = 1 then 'x' else 'y' end as C from raw.EOT",
        "select A from DM where A is distinct from B and regexp_full_match(A, '[A-Z]+') and strlen(A) > 200",
        "select dataset, variable from meta.variables where label is null",
        "select A from DM where regexp_replace(A, '[0-9]+', '', 'g') = 'S-'",
        "select A, (select max(B) from AE as e where e.USUBJID = DM.USUBJID) as LAST from DM",
        "select A, max(B) over (partition by USUBJID) as LAST from DM",
    ],
)
def test_what_finds_records_may_be_said(text):
    assert parsed(text).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select A from read_csv('x.csv')", "is not allowed"),
        ("select A from 'x.csv'", "no table"),
        ("select A from '/etc/passwd'", "no table"),
        ("select A from other.schema.DM", "no table"),
        ("select A from information_schema.tables", "no table"),
        ("select getenv('HOME') as A from DM", "'getenv'"),
        ("select A from DM where B = (select content from read_text('x') as t)", "'read_text'"),
        ("select current_date as A from DM", "is not allowed"),
        ("select random() as A from DM", "is not allowed"),
        ("select A from DM; drop table t0", "one SELECT"),
        ("insert into DM select 1", "one SELECT"),
        ("copy DM to 'x'", "SELECT"),
        ("attach 'x' as y", "SELECT"),
        ("pragma database_list", "SELECT"),
        ("select distinct A from DM", "records as they are"),
        ("select A, count(*) as n from DM group by A", "records as they are"),
        ("select A from DM limit 5", "records as they are"),
        ("select count(*) as n from DM", "'COUNT(*)' is of all records"),
        ("select A, round(avg(B), 1) as m from DM", "'AVG(B)' is of all records"),
        ("select A from DM where B = max(B)", "'MAX(B)' is of all records"),
        ("select * from DM", "without a name"),
        ("select A + 1 from DM", "without a name"),
        ("select A, A from DM", "two columns A"),
        ("select a.A from DM a join AE a on true", "two tables are called a"),
        ("select A from (select A from DM) x", "starts from no dataset"),
        ("select A from DM where A = null", "never true"),
        ("select cast(A as blob) as B from DM", "none to cast to"),
        ("select A from DM where", "cannot be read as SQL"),
        ("select '@T0@' as A from DM", "@"),
        ("with recursive r as (select 1 as n union all select n from r) select A from DM", "may never end"),
        ("select unnest([1, 2]) as A from DM", "is not allowed"),
        ("select A from DM tablesample 10%", "is not allowed"),
        ("select A from DM, lateral (select 1 as B) x", "not allowed"),
    ],
)
def test_all_else_is_refused_with_its_place_and_a_way_out(text, told):
    with pytest.raises(SpecError) as error:
        parsed(text)
    assert told in error.value.what
    assert error.value.where == "rule.yaml:5"
    assert error.value.mend


def test_the_names_of_what_is_read_are_known():
    query = parsed('select d."--STDTC" as START, m.ARM from DATASET d join DM m on m.USUBJID = d.USUBJID')
    assert query.base.name == "DATASET"
    assert [source.name for source in query.sources] == ["DATASET", "DM"]
    assert query.wild == ("--STDTC",)
    assert query.shown == ("START", "ARM")
    assert set(query.columns) == {("d", "--STDTC"), ("m", "ARM"), ("m", "USUBJID"), ("d", "USUBJID")}


def test_all_columns_of_a_table_inside_are_no_column_of_that_name():
    query = parsed("with v as (select b.* from AE b) select a.AETERM from AE a join v on v.USUBJID = a.USUBJID")
    assert set(query.columns) == {("a", "AETERM"), ("v", "USUBJID"), ("a", "USUBJID")}
