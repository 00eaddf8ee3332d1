"""Whole messages of wrong lines: what is wrong, where (file and line), how to mend it."""

import pytest
from wrong_studies import fault

ROW = "use a verb (pick, exists, agg, flag, seq) for what needs other rows; see docs/spec-grammar.md for functions"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "  AGEGR1: case when AEG < 65 then '<65' end",
            (
                "specs/adam/ADSL.yaml:6: ADSL.AGEGR1: unknown name 'AEG' in \"case when AEG < 65 then '<65' end\"\n"
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
                "    to mend: correct the source if it holds a record twice; "
                "else add order: and take:, or narrow where:"
            ),
        ),
        (
            "  D: {pick: {from: EX, order: [USUBJID], value: EXTRT}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.D: order [USUBJID] leaves 1 tie with different values "
                "(first: USUBJID S1-1, A or B)\n"
                "    to mend: add a column to order that decides, or say ties: any"
            ),
        ),
        (
            "  D: (select max(EXDOSE) from EX)",
            (
                "specs/adam/ADSL.yaml:6: ADSL.D: a subquery in '(select max(EXDOSE) from EX)' "
                "is not allowed in a row expression\n"
                f"    to mend: {ROW}"
            ),
        ),
        (
            "  D: sum(AGE)",
            (
                f"specs/adam/ADSL.yaml:6: ADSL.D: function sum in 'sum(AGE)' is not allowed in a row expression\n"
                f"    to mend: {ROW}"
            ),
        ),
        (
            "  D: studyday(AGE, AGE)",
            (
                "specs/adam/ADSL.yaml:6: ADSL.D: function 'studyday' in 'studyday(AGE, AGE)' is not in the list of "
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
                "specs/adam/ADSL.yaml:6: ADSL.D: 'case when AGE then 1' cannot be read as SQL near '1'\n"
                "    to mend: check quotes, brackets and the end of each case"
            ),
        ),
        (
            "  D: {pick: {from: EXX, value: EXDOSE}}",
            "specs/adam/ADSL.yaml:6: ADSL.D: no source 'EXX'\n    to mend: did you mean EX?",
        ),
        (
            "  D: {pick: {from: EX, order: [EXSEQ], value: EXDOES}}",
            "specs/adam/ADSL.yaml:6: ADSL.D: unknown name 'EXDOES' in 'EXDOES'\n    to mend: did you mean EXDOSE?",
        ),
        (
            "  D: {pick: {from: EX, by: [SITEID], value: EXDOSE}}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.D: unknown name 'SITEID' in 'SITEID'\n"
                "    to mend: known: EXDOSE, EXSEQ, EXTRT, USUBJID"
            ),
        ),
        (
            "  D: {pick: {from: EX, order: [EXSEQ]}}",
            "specs/adam/ADSL.yaml:6: ADSL.D: pick has no value\n    to mend: add value: the column to take",
        ),
        (
            "  D: EX.EXDOSE",
            "specs/adam/ADSL.yaml:6: ADSL.D: unknown name 'EX' before the dot in 'EX.EXDOSE'\n    to mend: known: THIS",
        ),
        (
            "  D: recode(SEX, 'SEXES')",
            "specs/adam/ADSL.yaml:6: ADSL.D: recode: no map 'SEXES'\n    to mend: none is known here",
        ),
        (
            "  D: \"dt(SEX, imput := 'first')\"",
            "specs/adam/ADSL.yaml:6: ADSL.D: dt() has no argument 'imput'\n    to mend: did you mean impute?",
        ),
        (
            "  D: \"dt(SEX, impute := 'middle')\"",
            "specs/adam/ADSL.yaml:6: ADSL.D: impute := 'middle'\n    to mend: one of 'first', 'mid', 'last'",
        ),
        (
            "  DF: {imputed: AGE}",
            (
                "specs/adam/ADSL.yaml:6: ADSL.DF: imputed: AGE is not made by dt() or dtm() in this spec\n"
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
