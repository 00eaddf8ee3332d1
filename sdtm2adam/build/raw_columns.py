"""The columns of a raw form as its contract names them."""

from __future__ import annotations

from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract


def columns_of(specs: Specs, contract: Contract) -> list[str]:
    """The columns a contract speaks of: declared, not submitted, key and subject."""
    subject = subject_column(specs, contract)
    found = [*contract.columns, *contract.not_submitted, *map(str, contract.key), *([subject] if subject else [])]
    return list(dict.fromkeys(found))


def subject_column(specs: Specs, contract: Contract) -> str:
    """The column that names the subject; empty for a form without one."""
    if contract.subject is not None:
        return "" if contract.subject == "none" else str(contract.subject)
    column = str(specs.study.subject.column) if specs.study.subject else ""
    return column if column in contract.columns else ""


def collected(column: str) -> str:
    """The column with the text of a number as it was collected."""
    return f"{column}~text"
