"""Checks of data: suites made from metadata and by hand, rules, edit checks; what they find, reported as issues."""
