"""Checks written as SQL: the rule pack and the edit checks, each one whitelisted SELECT over declared datasets."""
