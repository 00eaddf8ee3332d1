"""An order, or an extreme, of numbers that are held as text is told where it is not that of the numbers."""

import pytest
from harness import told, trial

DM = "USUBJID STUDYID AGE:integer\nS1-1 S1 50\nS1-2 S1 61"
LB = """
USUBJID LBSEQ:integer LBORRES LBSPID LBSTRESC LBDTC
S1-1    1             9       1      9        2014
S1-1    2             10      2      <10      2014-01-02
S1-2    1             8       3      8        2014-01-03
"""


def told_of(folder, line, block="{from: DM}"):
    spec = f"dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {block}\n" + (f"variables:\n  {line}\n" if line else "")
    built = trial(folder, spec, sdtm={"DM": DM, "LB": LB}).build()
    return [issue for issue in told(built, "rule", "severity", "text", "source") if issue[0] == "order-as-text"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("X: {pick: {from: LB, order: [LBORRES], value: LBSEQ}}", "the order"),
        ("X: {pick: {from: LB, order: [LBORRES desc], take: last, value: LBSEQ}}", "the order"),
        ("X: {agg: {from: LB, value: max(LBORRES)}}", "max of"),
        ("X: {agg: {from: LB, value: min(LBORRES)}}", "min of"),
    ],
)
def test_the_order_of_texts_is_told_where_it_is_not_that_of_their_numbers(tmp_path, line, what):
    text = (
        f"ADX.X: {what} LBORRES is that of texts, in which '10' comes before '8'; "
        "for the order of numbers write cast(LBORRES as double)"
    )
    assert told_of(tmp_path, line) == [("order-as-text", "warning", text, "specs/adam/ADX.yaml:6")]


@pytest.mark.parametrize(
    "line",
    [
        "X: {pick: {from: LB, order: [cast(LBORRES as double)], value: LBSEQ}}",
        "X: {pick: {from: LB, order: [LBSPID], value: LBSEQ}}",
        "X: {pick: {from: LB, order: [LBSTRESC], value: LBSEQ}}",
        "X: {pick: {from: LB, order: [LBDTC], value: LBSEQ}}",
        "X: {agg: {from: LB, value: max(LBDTC)}}",
    ],
)
def test_other_texts_numbers_and_dates_are_not_told(tmp_path, line):
    assert told_of(tmp_path, line) == []


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("X: {flag: {order: [LBORRES]}}", "{from: LB, copy: [LBORRES], where: LBSEQ < 2}"),
        ("X: {seq: {by: [], order: [LBORRES]}}", "{from: LB, copy: [LBORRES], where: LBSEQ = 1}"),
        ("", "{from: LB, dedupe: {by: [USUBJID], order: [LBORRES]}}"),
        ("", "{agg: {from: LB, by: [USUBJID], value: {X: max(LBORRES)}}}"),
    ],
)  # fmt: skip
def test_orders_of_own_rows_and_of_blocks_are_looked_at_too(tmp_path, line, block):
    wrong = bool(told_of(tmp_path / "as drawn", line, block))
    assert wrong == ("LBSEQ" not in block), "9 and 8 alone are in the same order as text"
