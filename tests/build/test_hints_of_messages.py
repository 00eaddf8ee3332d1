"""What a message proposes: where an unknown name is known, what a literal was meant as, which kinds do not mix."""

import pytest
from harness import trial
from wrong_studies import BASE, DATA, fault

MORE = DATA | {"DM": "USUBJID STUDYID AGE:integer SEX ARM\nS1-1 S1 50 M A\nS1-2 S1 61 F B"}
ADE = """dataset: ADE
keys: [EXSEQ]
records:
  - {from: EX, copy: [EXSEQ]}
variables:
"""


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("X: ARM", "ARM is a column of DM, the source of the records: bring it along with copy: [ARM] in the block"),
        ("X: EXDOSE", "EXDOSE is a column of EX: take it with pick: {from: EX, value: EXDOSE}, or by a lookup"),
        ("X: {pick: {from: EX, order: [EXSEQ], where: EXDOSE > AGE, value: EXSEQ}}",
         "a bare name is a column of EX: write THIS.AGE for that of the row being made"),
        ("X: {exists: {from: EX, by: [AGE]}}", "by matches columns of both; say by: {AGE: THEIRS} with the name in EX"),
        ("X: {pick: {from: EX, value: 1, else: NONE}}", "the text itself is \"'NONE'\", or const: NONE"),
        ("X: {imputed: AGE}", "make the flag beside the date, in each block's set"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_looked_for_where_it_may_be_known(tmp_path, line, hint):
    message = fault(tmp_path, f"  {line}\n", sdtm=MORE)
    assert message.startswith("specs/adam/ADSL.yaml:6: ADSL.X: ")
    assert hint in message


def test_a_variable_of_adsl_is_proposed_to_other_analysis_datasets(tmp_path):
    message = trial(tmp_path, BASE.replace("variables:\n", ""), ADE + "  X: AGE * 2\n", sdtm=DATA).fault()
    assert message == (
        "specs/adam/ADE.yaml:6: ADE.X: unknown name 'AGE' in 'AGE * 2'\n"
        "    to mend: AGE is a column of ADSL: write ADSL.AGE, or include it"
    )


@pytest.mark.parametrize(
    ("line", "said", "mend"),
    [
        ('X: case when SEX = "M" then 1 end', "unknown name 'M'", "a text stands in single quotes: 'M'"),
        ("X: case when AGE = . then 1 end", "cannot be read as SQL near '.'", "asked for by `X is null`"),
        ("X: case when AGE ne 50 then 1 end", "cannot be read as SQL near 'ne'", "write <>"),
        ("X: case when D > '01JAN2014'd then 1 end", "cannot be read as SQL near 'd'", "date '2014-01-31'"),
        ("X: {pick: {from: EX, order: [EXSEQ descending], value: 1}}", "cannot be read as an order", "EXSEQ desc"),
        ("X: {agg: {from: EX, value: count}}", "unknown name 'count'", "write count(X), or count(*)"),
        ("X: {agg: {from: EX, value: EXDOSE}}", "EXDOSE stands outside of an aggregate", "compare like"),
        ("X: recode(SEX, SEXES)", "recode takes a value and the name of a map", "the name of the map in quotes"),
    ],
)  # fmt: skip
def test_what_people_write_who_come_from_sas_is_answered(tmp_path, line, said, mend):
    what, _, way_out = fault(tmp_path, f"  {line}\n").partition("\n    to mend: ")
    assert what.startswith("specs/adam/ADSL.yaml:6: ADSL.X: ")
    assert said in what
    assert mend in way_out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{from: EX, where: EXSEQ, copy: [EXSEQ]}", "rows of ADE/EX: where: 'EXSEQ' is a number"),
        ("{from: EX, where: EXTRT, copy: [EXSEQ]}", "rows of ADE/EX: where: 'EXTRT' is text"),
        ("{from: EX, where: ADSL.AGE, copy: [EXSEQ]}", "rows of ADE/EX: where: 'ADSL.AGE' is a number"),
        ("{from: EX, copy: [EXSEQ], having: EXSEQ}", "rows of ADE/EX: having: 'EXSEQ' is a number"),
        ("{agg: {from: EX, where: EXSEQ, by: [EXSEQ], value: {N: count(*)}}}", "where: 'EXSEQ' is a number"),
        ("{from: EX, copy: [EXSEQ], set: {X: {exists: {from: DM, where: AGE}}}}", "ADE/EX.X: where: 'AGE' is a number"),
        ("{from: EX, copy: [EXSEQ], set: {X: {flag: {where: EXSEQ}}}}", "ADE/EX.X: flag: where: 'EXSEQ' is a number"),
    ],
)
def test_what_is_no_condition_is_refused_before_data(tmp_path, line, said):
    ade = ADE.replace("{from: EX, copy: [EXSEQ]}", line).replace("variables:\n", "")
    message = trial(tmp_path, BASE.replace("variables:\n", ""), ade, sdtm=DATA).fault(lint_only=True)
    assert message.startswith("specs/adam/ADE.yaml:4: ")
    assert f"{said}, and must be a condition" in message


def test_a_source_of_times_that_is_unknown_is_told_with_its_block(tmp_path):
    ade = ADE.replace("{from: EX, copy: [EXSEQ]}", "{id: OS, tte: {start: AGE, events: [DETH], censors: [DETH]}}")
    message = trial(tmp_path, BASE.replace("variables:\n", ""), ade.replace("variables:\n", ""), sdtm=DATA).fault()
    assert "specs/adam/ADE.yaml:4: ADE/OS: no source 'DETH' in sources" in message


def test_a_key_without_what_belongs_below_it_is_told_in_words_of_yaml(tmp_path):
    message = fault(tmp_path, "")
    assert message == (
        "specs/adam/ADSL.yaml:5: ADSL.variables: a mapping is expected here, not nothing\n"
        "    to mend: write NAME: VALUE lines below it, or leave the key out"
    )


@pytest.mark.parametrize("const", ["AGE + 1", "ADSL.AGE", "upper(SEX)", "AGE > 60"])
def test_a_literal_that_looks_like_an_expression_is_refused(tmp_path, const):
    message = fault(tmp_path, f"  X: {{const: {const}}}\n")
    assert f"ADSL.X: const: {const!r} is a literal text, and looks like an expression" in message


@pytest.mark.parametrize("const", ["AGE", "Overall Survival (days)", "CR/CRi", "A + B", "AGE <65", "N/A"])
def test_other_literals_are_texts(tmp_path, const):
    message = fault(tmp_path, f"  X: {{const: {const}}}\n")
    assert message == "" or ("AGE <65" in const and "looks like an expression" in message)


def test_a_censoring_with_the_number_of_events_is_refused_with_the_reason(tmp_path):
    spec = "dataset: ADX\nkeys: [USUBJID]\nsources: {S: {from: DM, date: D, cnsr: 0}}\nrecords: [{from: DM}]\n"
    message = trial(tmp_path, spec, sdtm=DATA).fault()
    assert "CNSR is 0 for those in events, 1 or more else" in message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("X: SEX + 1", "'+' does not go with text and number"),
        ("X: cast('2014-01-01' as date) < AGE", "date is compared with number"),
        ("X: dt(AGE)", "dt() and dtm() take ISO 8601 texts, and not a number"),
        ("X: \"study_day(SEX, cast('2014-01-01' as date))\"", "(of SEX) is no whole date (YYYY-MM-DD)"),
        ("X: case when AGE > 'old' then 1 end", "number is compared with text"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told_in_the_words_of_specs(tmp_path, line, said):
    message = fault(tmp_path, f"  {line}\n")
    assert message.startswith("specs/adam/ADSL.yaml:6: ADSL.X: the expression does not fit its columns: ")
    assert said in message
