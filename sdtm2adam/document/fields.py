"""The page numbers in a page header or footer, as fields with the planned numbers in them."""

import re

from sdtm2adam.display.characters import visible

_FIELD = re.compile(r"(\{pages?\})")


def field_parts(text: str, number: int, total: int) -> list[tuple[str, str]]:
    """A line in pieces of (text, field): field is PAGE or NUMPAGES, and text its result, or empty for plain text.

    >>> field_parts("Page {page} of {pages}", 1, 7)
    [('Page ', ''), ('1', 'PAGE'), (' of ', ''), ('7', 'NUMPAGES')]
    """
    results = {"{page}": (str(number), "PAGE"), "{pages}": (str(total), "NUMPAGES")}
    return [results.get(part, (part, "")) for part in _FIELD.split(visible(text)) if part]
