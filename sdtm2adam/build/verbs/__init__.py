"""The verbs of specs as SQL: each a pure function from column names to a SELECT."""
