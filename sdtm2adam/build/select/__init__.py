"""The verbs of specs as SQL: each a pure function from column names to a SELECT.

Functions on pandas and Arrow frames that run them are in `sdtm2adam.build.verbs`.
"""
