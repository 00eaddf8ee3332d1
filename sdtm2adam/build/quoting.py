"""Names and literals as SQL text."""


def name(text: str) -> str:
    """A quoted identifier.

    >>> name('A"B')
    '"A""B"'
    """
    return '"' + text.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """A quoted text, or NULL.

    >>> literal("O'Brien"), literal(None)
    ("'O''Brien'", 'NULL')
    """
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def aliased(expression: str, alias: str) -> str:
    """`expression AS "alias"`."""
    return f"{expression} AS {name(alias)}"
