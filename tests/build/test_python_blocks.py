"""`python` blocks: rows by a function of an installed package, and what of them is refused."""

import pytest
from functions_study import study
from harness import is_drawn

from sdtm2adam.errors import Sdtm2adamError

pytestmark = pytest.mark.usefixtures("trial_rules")

BLOCK = """dataset: ADY
class: BDS
keys: [PARAMCD]
records:
  - id: MEAN
    python:
      call: trial_rules.derive:{function}
      method: The mean of all results.
      inputs: {inputs}
      columns: {columns}
    const: {{PARAM: Mean Result}}
    set: {{AVALC: "case when AVAL > 5 then 'high' else 'low' end"}}
"""


def block(tmp_path, function, columns="{USUBJID: text, AVAL: float}", inputs="{LB: [USUBJID, LBSTRESN]}"):
    return study(tmp_path, BLOCK.format(function=function, columns=columns, inputs=inputs))


def test_a_block_has_the_rows_that_a_function_makes(tmp_path):
    ady = block(tmp_path, "episodes").build().datasets["ADY"]
    is_drawn(
        ady, "STUDYID USUBJID PARAMCD PARAM AVAL AVALC\nS1 S1-1 MEAN Mean_Result 6 high\nS1 S1-3 MEAN Mean_Result 2 low"
    )
    assert ady.lineage["source_row"].null_count == 2
    assert ady.edges.num_rows == 0


def test_a_block_without_rows_has_its_columns(tmp_path):
    ady = block(tmp_path, "empty").build().datasets["ADY"]
    assert ady.frame.num_rows == 0
    assert {"USUBJID", "AVAL", "PARAM"} <= set(ady.frame.column_names)


@pytest.mark.parametrize(
    ("function", "columns", "said"),
    [
        ("more", "{USUBJID: text, AVAL: float}", "gives a frame that has X too"),
        ("less", "{USUBJID: text, AVAL: float}", "gives a frame that lacks AVAL"),
        ("episodes", "{USUBJID: text, AVAL: text}", "gives AVAL as double, where text was said"),
        ("twice", "{USUBJID: text, AVAL: float}", "the keys [STUDYID, USUBJID, PARAMCD] are not unique"),
    ],
)
def test_a_frame_that_is_not_as_declared_is_told(tmp_path, function, columns, said):
    with pytest.raises(Sdtm2adamError) as told:
        block(tmp_path, function, columns).build()
    assert said in told.value.message


@pytest.mark.parametrize(
    ("columns", "inputs", "said"),
    [
        ("{}", "[LB]", "columns is empty"),
        ("{AVAL: float}", "[]", "inputs is empty"),
        ("{AVAL: number}", "[LB]", "'number' is not one of"),
    ],
)
def test_a_block_that_says_too_little_is_told_before_data(tmp_path, columns, inputs, said):
    assert said in block(tmp_path, "episodes", columns, inputs).fault(lint_only=True)
