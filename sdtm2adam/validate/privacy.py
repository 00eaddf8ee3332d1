"""The privacy scan: which free texts of raw forms seem to say who a person is.

What stands in the text is never told: an issue names the record, the column and the kind of sign, and a person looks it
up in the EDC.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from sdtm2adam.build.raw_columns import columns_of, subject_column
from sdtm2adam.model import Severity
from sdtm2adam.spec.library import Specs
from sdtm2adam.validate.expectation import Expectation, expectation_of

_WORDS = {
    "email": "No free text holds an e-mail address.",
    "phone": "No free text holds a telephone number.",
    "birth-date": "No free text holds a whole date of birth.",
    "hospital-number": "No free text holds a number of a hospital, an insurance or a passport.",
    "initials": "No free text holds the initials of a person.",
    "name": "No free text holds the name of a person.",
}
"""Each kind of sign, as the rule that is told: what was found is not shown."""


def privacy_of(specs: Specs, form: str) -> Iterator[Expectation]:
    """What is expected of the free texts of a form with subjects; lists of sites or of queries have names by design.

    Args:
        specs: of the study.
        form: the name of the form.
    """
    if not subject_column(specs, specs.contracts[form]):
        return
    if names := free_texts(specs, form):
        for sign, text in _WORDS.items():
            yield expectation_of(
                f"raw.{form}", "privacy", names, f"{text} What was found is not shown here.", id_of=sign, sign=sign,
                severity=Severity.WARNING, source=f"raw/{form}.yaml",
            )  # fmt: skip


def free_texts(specs: Specs, form: str) -> tuple[str, ...]:
    """The columns of a form that may hold any text: no keys, subjects, numbers, dates, codes or housekeeping."""
    contract = specs.contracts[form]
    apart = {subject_column(specs, contract), *map(str, contract.key)}
    apart |= {str(column.pair) for column in contract.columns.values() if column is not None and column.pair}
    closed = {
        name for name, column in contract.columns.items()
        if column is not None and (column.type != "text" or column.values)
    }  # fmt: skip
    patterns = [str(pattern) for pattern in specs.study.housekeeping]
    return tuple(
        name
        for name in columns_of(specs, contract)
        if name not in apart | closed and not any(fnmatchcase(name, pattern) for pattern in patterns)
    )
