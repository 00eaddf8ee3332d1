"""Specs: strict reading with file and line, the grammar as models, standards, SQL expressions."""
