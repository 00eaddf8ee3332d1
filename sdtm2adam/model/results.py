"""Results: one row per statistic, unrounded, and the records each was made from."""

from dataclasses import dataclass

import pandas as pd

from sdtm2adam.model.issue import Issue

RESULT_COLUMNS: tuple[str, ...] = (
    "study_id", "output_id", "analysis_id", "reason", "purpose", "set_id", "subset_id", "dataset", "variable",
    "paramcd", "method_id", "op_id", "op_order",
    "g1_id", "g1_var", "g1_level", "g1_leveln", "g2_id", "g2_var", "g2_level", "g2_leveln",
    "g3_id", "g3_var", "g3_level", "g3_leveln", "g4_id", "g4_var", "g4_level", "g4_leveln",
    "comp_ref", "stat_name", "stat_label", "stat", "stat_c", "status", "status_reason", "shown",
    "pattern", "formatted", "result_id", "num_id", "den_id", "member_id", "n_subj", "n_rec",
    "params", "engine", "spec_hash", "data_hash",
)  # fmt: skip
"""The columns of `Results.frame` (SHELLS: analysis results data). `status` is OK, NE or NC."""

MEMBER_COLUMNS: tuple[str, ...] = ("member_id", "dataset", "usubjid", "keyseq", "paramcd", "role")
"""The columns of `Results.members`. `role` is NUM, DEN, VALUE, EVENT or CENSOR."""


@dataclass(frozen=True, slots=True)
class Results:
    """The statistics of one output, the members of each, and records that none of them counts though they should."""

    output_id: str
    frame: pd.DataFrame
    members: pd.DataFrame
    issues: tuple[Issue, ...] = ()
