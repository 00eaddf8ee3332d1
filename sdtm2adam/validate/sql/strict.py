"""A SELECT of a check written so that the database refuses it where it compares a text with a number or a date.

As it stands DuckDB reads the text, and whether that goes well is a matter of the values: `'007' = 7` is true.
"""

from __future__ import annotations

from functools import cache

import sqlglot

from sdtm2adam.build.alike import as_of_one_type


@cache
def of_one_type(text: str) -> str:
    """The SELECT with each comparison written so that both sides must be alike; it is described, and never run.

    Args:
        text: DuckDB SQL, as `grammar.Query` has it.
    """
    tree = sqlglot.parse_one(text, read="duckdb")
    for node in reversed(list(tree.walk(bfs=False))):
        written = as_of_one_type(node)
        if written is not node:
            node.replace(written)
    return str(tree.sql("duckdb"))
