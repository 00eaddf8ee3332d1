"""A variable that a check shows and the dataset has not: the check does not apply, or counts it as missing."""

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.run import NOT_APPLICABLE, RAN, run_checks

TEXT = """
id: A-CHECK
severity: error
text: Good data are good.
for: [SDTM]
{more}select: |
  select A."--SEQ", A.VISIT, length(A.USUBJID) as letters from DATASET as A where A."--SEQ" = 1 and letters > 1
"""
FRAME = pa.table({"USUBJID": ["S1", "S2"], "AESEQ": [1.0, 2.0]})
AE = Dataset(
    "AE", "", "sdtm", "", "", ("USUBJID", "AESEQ"),
    tuple(Variable(name, "", "text") for name in FRAME.column_names), FRAME, pa.table({}),
)  # fmt: skip


def ran(more=""):
    return run_checks([check_of(loads(TEXT.format(more=more), "r.yaml"), "r")], {"AE": AE})


def test_a_shown_variable_that_the_dataset_has_not_makes_the_check_not_applicable():
    (found,) = ran().ran
    assert (found.state, found.why) == (NOT_APPLICABLE, "AE has no VISIT")


def test_a_shown_variable_that_is_optional_counts_as_missing():
    result = ran("optional: [VISIT]\n")
    assert result.ran[0].state == RAN
    assert result.issues[0].values == ("AESEQ=1, VISIT=, letters=2",)
