"""The forms in which the dates of a column are written, found from all its values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sdtm2adam.compute.iso import DateForms, Unreadable

UNKNOWN_WORDS = ("UN", "UNK", "UNKN", "NK", "UK", "XX", "XXX")
"""What EDC systems print for the part of a date that is not known."""
ISO = "YYYY-MM-DD"
_SEPARATED = ("DD{s}MON{s}YYYY", "DD{s}MM{s}YYYY", "MM{s}DD{s}YYYY", "YYYY{s}MM{s}DD", "YYYY{s}MON{s}DD")
_SHORT = ("DD{s}MON{s}YY", "DD{s}MM{s}YY", "MM{s}DD{s}YY")
_TIMES = ("", " HH:MI", " HH:MI:SS", ":HH:MI", ":HH:MI:SS")
_DAYS = (
    *(form.format(s=sign) for sign in (" ", "-", "/", ".") for form in _SEPARATED),
    "DDMONYYYY",
    "YYYYMMDD",
    *(form.format(s=sign) for sign in (" ", "-", "/", ".") for form in _SHORT),
    "DDMONYY",
)
FORMS = tuple(day + time for time in _TIMES for day in _DAYS if day + time != ISO)
"""All forms that are looked for beside ISO 8601, those with a day alone first."""


def forms_of(values: Iterable[str]) -> tuple[str, ...]:
    """The forms that each read all values; ISO 8601 is called YYYY-MM-DD. Empty: no one form reads all.

    Two forms are found where the values do not tell them apart: `03/04/2014` may be March or April.

    >>> forms_of(["03/04/2014", "25/12/2013"])
    ('DD/MM/YYYY',)
    >>> forms_of(["UN FEB 2014", "01 MAR 2014"])
    ('DD MON YYYY',)
    """
    texts = list(values)
    if not texts:
        return ()
    return tuple(form for form in (ISO, *FORMS) if _reads_all(form, texts))


def _reads_all(form: str, texts: Sequence[str]) -> bool:
    forms, iso = _reader(form), _reader(ISO)
    some = False
    for text in texts:
        try:
            some |= forms.iso(text) is not None
        except Unreadable:
            return False
        if form != ISO and _reads(iso, text):  # ISO 8601 is read beside every form; here each is asked alone
            return False
    return some


@cache
def _reader(form: str) -> DateForms:
    return DateForms(() if form == ISO else (form,), UNKNOWN_WORDS if form != ISO else ())


def _reads(forms: DateForms, text: str) -> bool:
    try:
        return forms.iso(text) is not None
    except Unreadable:
        return False


def forms_mixed(values: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """Few forms that together read all values, where no one does; empty if there are none.

    Each next form is the one that reads most of the values left; the earlier in the list where two read as many.
    """
    left, found = list(values), list[str]()
    while left and len(found) < most:
        read = {form: [text for text in left if _reads_all(form, [text])] for form in (ISO, *FORMS)}
        best = max(read, key=lambda form: len(read[form]))
        if not read[best]:
            return ()
        found.append(best)
        left = [text for text in left if text not in set(read[best])]
    return () if left else tuple(found)


def form_of_most(values: Sequence[str], share: float) -> tuple[str, tuple[str, ...]]:
    """The form that reads at least this share of the values, and the values it does not read; empty if there is none.

    >>> form_of_most(["03 FEB 2024", "30 FEB 2024"], 0.5)
    ('DD MON YYYY', ('30 FEB 2024',))
    """
    read = {form: {text for text in values if _reads_all(form, [text])} for form in (ISO, *FORMS)}
    best = max(read, key=lambda form: len(read[form]))
    if not values or len(read[best]) < share * len(values):
        return "", ()
    return best, tuple(text for text in values if text not in read[best])


def words_in(values: Iterable[str]) -> tuple[str, ...]:
    """The words for an unknown part that stand in the values.

    >>> words_in(["UN FEB 2014", "01 MAR 2014"])
    ('UN',)
    """
    parts = {part for text in values for part in text.upper().replace("-", " ").replace("/", " ").split()}
    return tuple(word for word in UNKNOWN_WORDS if word in parts)
