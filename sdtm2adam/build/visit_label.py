"""The name of the hidden column that a block's `visit:` makes."""

VISIT_LABEL = "_VISIT"
"""The label of the visit; one that the table of visits has, in the spelling of the table."""
