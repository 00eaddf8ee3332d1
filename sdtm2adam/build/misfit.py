"""What the database refuses, in the words of a spec: which kinds of values do not go together."""

from __future__ import annotations

import re

import duckdb

MEND = "compare like with like: text with text, dates with dates (date '2014-01-31'); cast() and dt() convert"
_KINDS = {
    "VARCHAR": "text", "STRING_LITERAL": "text", "DATE": "date", "TIMESTAMP": "date and time", "TIME": "time",
    "BOOLEAN": "condition", "BOOL": "condition",
    "INTERVAL": "span of time", "DOUBLE": "number", "FLOAT": "number", "INTEGER": "number",
    "BIGINT": "number", "HUGEINT": "number", "SMALLINT": "number", "TINYINT": "number", "UBIGINT": "number",
    "INTEGER_LITERAL": "number", "DECIMAL": "number",
    "INT32": "number", "INT64": "number", "INT128": "number",
}  # fmt: skip
_MACROS = {
    "length": "dt() and dtm() take ISO 8601 texts",
    "s2a_": "a function of dates takes dates, dt() and dtm() take ISO 8601 texts",
}


def said_of(error: duckdb.Error) -> str:
    """What a database error says of an expression, as far as it is one of those that people run into.

    >>> said_of(duckdb.BinderException(
    ...     "Binder Error: No function matches the given name and argument types '+(VARCHAR, INTEGER_LITERAL)'. You"))
    "'+' does not go with text and number"
    >>> said_of(duckdb.BinderException("Binder Error: Cannot compare values of type VARCHAR and type DATE - an"))
    'text is compared with date'
    """
    text = str(error).split("\n")[0].split("Error: ", 1)[-1].strip()
    if found := re.search(r"No function matches the given name and argument types '(.+?)\((.*)\)'", text):
        return _no_function(found[1], [_kind(part) for part in re.split(r", (?![^(]*\))", found[2])])
    if found := re.search(r"Cannot (compare|mix) values of type (\S+) and (?:type )?(\S+)", text):
        how = "compared with" if found[1] == "compare" else "mixed with"
        return f"{_kind(found[2])} is {how} {_kind(found[3])}"
    if found := re.search(r'invalid (date|timestamp) field format: "(.*?)"', text):
        column = re.search(r"casting from source column (\w+)", text)
        of = f" (of {column[1]})" if column and not column[1].startswith("s2a_") else ""
        return f"{found[2]!r}{of} is no whole date (YYYY-MM-DD), where a date is needed"
    if found := re.search(r'column "(.+?)" must appear in the GROUP BY', text):
        return f"{found[1]} stands outside of an aggregate, and there are many rows: sum(), max(), count() ... take one"
    if found := re.search(r"Could not convert string '(.*?)' to (\w+)", text):
        return f"{found[1]!r} is text, where a {_kind(found[2])} is needed"
    return text


def _no_function(function: str, kinds: list[str]) -> str:
    hint = next((said for name, said in _MACROS.items() if function.startswith(name)), "")
    if hint and "text" not in kinds:
        return f"{hint}, and not a {kinds[0]}"
    return f"{function!r} does not go with {' and '.join(kinds)}"


def _kind(name: str) -> str:
    plain = name.strip().strip(".-").split("(")[0]
    return _KINDS.get(plain, plain.lower())
