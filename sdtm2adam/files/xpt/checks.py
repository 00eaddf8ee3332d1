"""What must be right before a dataset becomes an XPT file: the limits of version 5 and of the regulators.

Everything is checked before anything is written, and all violations are told at once.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sdtm2adam.errors import InputError, InputErrors, InternalError, listed
from sdtm2adam.files.xpt.columns import holds
from sdtm2adam.files.xpt.formats import Format, format_of
from sdtm2adam.files.xpt.layout import MOST_VARIABLES, Field, Layout
from sdtm2adam.files.xpt.values import MOST_TEXT_BYTES, longest_texts, value_errors
from sdtm2adam.model import Dataset, Variable

MOST_LABEL = 40
MOST_FILE_BYTES = 5_000_000_000
_DATASET_NAME = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
_PRINTABLE = re.compile(r"[ -~]*")
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def checked_layout(dataset: Dataset, path: Path) -> Layout:
    """Check a dataset for XPT version 5 and lay out its records.

    A text variable is as wide as its declared length, else as its longest value in bytes; numbers take eight bytes.

    Raises:
        InputErrors: names, labels, formats, lengths or values that do not fit; all at once.
        InternalError: the frame does not hold the variables it is said to hold.
    """
    _agree(dataset)
    longest = longest_texts(dataset)
    errors = [*_name_errors(dataset, path), *_variable_errors(dataset), *value_errors(dataset, longest)]
    if errors:
        raise InputErrors(errors)
    layout = Layout(dataset.name, dataset.label, _fields(dataset, longest))
    size = layout.record_bytes * dataset.frame.num_rows
    if size > MOST_FILE_BYTES:
        what = f"the file would take {size:,} bytes; regulators accept {MOST_FILE_BYTES:,}"
        raise InputErrors([InputError(what, where=dataset.name, mend="split the dataset, for example by its category")])
    return layout


def _agree(dataset: Dataset) -> None:
    twice = [name for name, count in Counter(variable.name for variable in dataset.variables).items() if count > 1]
    if twice:
        what, mend = f"{listed(twice)} stands more than once in the dataset", "keep one of them in the spec"
        raise InputErrors([InputError(what, where=dataset.name, mend=mend)])
    declared, held = [variable.name for variable in dataset.variables], dataset.frame.column_names
    if declared != held:
        what = f"the frame has the columns {', '.join(held)} where the variables are {', '.join(declared)}"
        raise InternalError(what, where=dataset.name, mend="report this as a fault of sdtm2adam")
    for variable, column in zip(dataset.variables, dataset.frame.schema, strict=True):
        if not holds(column.type, variable):
            what = f"a column of Arrow type {column.type} cannot be a variable of type {variable.type}"
            where = f"{dataset.name}, variable {variable.name}"
            raise InternalError(what, where=where, mend="report this as a fault of sdtm2adam")


def _fields(dataset: Dataset, longest: dict[str, int]) -> tuple[Field, ...]:
    fields, start = [], 0
    for variable in dataset.variables:
        numeric = variable.type != "text"
        width = 8 if numeric else variable.length or max(1, longest[variable.name])
        form = format_of(variable) or Format()
        fields.append(Field(variable.name, variable.label, numeric, width, start, form))
        start += width
    return tuple(fields)


def _name_errors(dataset: Dataset, path: Path) -> Iterator[InputError]:
    if not _DATASET_NAME.fullmatch(dataset.name):
        what = f"the dataset name {dataset.name!r} is not 1 to 8 capital letters and digits, a letter first"
        yield InputError(what, where=dataset.name, mend="rename the dataset in its spec")
    elif path.name != f"{dataset.name.lower()}.xpt":
        mend = f"name the file {dataset.name.lower()}.xpt: the dataset name in lower case"
        yield InputError("the file name is not the dataset name", where=str(path), mend=mend)
    if fault := _label_fault(dataset.label):
        yield InputError(f"the dataset label {fault}", where=dataset.name, mend="change the label in the spec")
    if not 0 < len(dataset.variables) <= MOST_VARIABLES:
        what = f"the dataset has {len(dataset.variables)} variables; XPT holds 1 to {MOST_VARIABLES}"
        yield InputError(what, where=dataset.name, mend="change the variables in the spec")


def _variable_errors(dataset: Dataset) -> Iterator[InputError]:
    for variable in dataset.variables:
        for what, mend in variable_faults(variable):
            yield InputError(what, where=f"{dataset.name}, variable {variable.name}", mend=mend)


def variable_faults(variable: Variable) -> Iterator[tuple[str, str]]:
    """What is said of a variable that a transport file cannot hold, and how to mend it: name, label, length, format."""
    if not _VARIABLE_NAME.fullmatch(variable.name):
        what = "the name is not 1 to 8 capital letters, digits and underscores, a letter first"
        yield what, "rename the variable in the spec"
    fault = _label_fault(variable.label) or ("" if variable.label.strip() else "is empty")
    if fault := fault or _unbalanced(variable.label):
        yield f"the label {fault}", f"give a label of 1 to {MOST_LABEL} printable ASCII characters in the spec"
    if variable.type == "text" and variable.length is not None and not 1 <= variable.length <= MOST_TEXT_BYTES:
        what = f"the length {variable.length} is not 1 to {MOST_TEXT_BYTES} bytes"
        yield what, "change the length in the spec, or leave it out: it is then the longest value"
    form = format_of(variable)
    if form is None:
        yield f"{variable.format!r} is not a SAS format", "write it like DATE9. or 8.2 in the spec"
    elif form.name.startswith("$") != (variable.type == "text") and form.name:
        yield f"the format {form} does not suit a variable of type {variable.type}", "change the format in the spec"
    elif form.kind != (variable.type if variable.type in {"date", "datetime", "time"} else ""):
        what = f"the format {form} makes it {form.kind or 'a plain number'}, its type is {variable.type}"
        yield what, "make the type and the format agree in the spec"


def _label_fault(label: str) -> str:
    if len(label) > MOST_LABEL:
        return f"{label!r} has {len(label)} characters, {MOST_LABEL} are allowed"
    if not _PRINTABLE.fullmatch(label):
        return f"{label!r} holds characters outside printable ASCII"
    return ""


def _unbalanced(label: str) -> str:
    """A quote or bracket that is opened and not closed, which regulators' checks reject.

    >>> _unbalanced("Age (years"), _unbalanced("Age (years)")
    ("'Age (years' has an unbalanced (", '')
    """
    open_brackets: list[str] = []
    for character in label:
        if character in _PAIRS:
            open_brackets.append(character)
        elif character in _PAIRS.values() and (not open_brackets or _PAIRS[open_brackets.pop()] != character):
            return f"{label!r} has an unbalanced {character}"
    odd = [quote for quote in "\"'" if label.count(quote) % 2]
    left = open_brackets + odd
    return f"{label!r} has an unbalanced {left[-1]}" if left else ""
