"""The name of the hidden column that a block's `visit:` makes."""

VISIT_LABEL = "_VISIT"
"""The label of the visit, as the form has it."""
