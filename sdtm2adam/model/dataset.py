"""A dataset: its records as an Arrow table, what is said of its variables, and where each record came from."""

from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Variable:
    """What a spec and the standard say of one variable.

    `type` is one of text, integer, float, date, datetime, time. `length` is in bytes and None until the data
    are known. `format` is a SAS display format (`DATE9.`). `codelist` names a controlled terminology list or a
    local map; `terms` are its submission values where they are closed to the study, else empty.
    `extensible` tells whether other values may stand beside them, `package` which package of terminology they are of.
    `core` is Req, Exp, Perm or empty.
    """

    name: str
    label: str
    type: str
    length: int | None = None
    format: str = ""
    origin: str = ""
    method: str = ""
    codelist: str = ""
    terms: tuple[str, ...] = ()
    extensible: bool = True
    package: str = ""
    core: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that has been built.

    `frame` has one column per variable, in file order, sorted by `keys`. `lineage` has one row per row of
    `frame`: `row` (0, 1, ...), `source` and `source_row` (where the record came from), and two columns for
    each pick. `edges` lists what has many sources (`row, variable, source, source_row`).
    """

    name: str
    label: str
    stage: str
    klass: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    frame: pa.Table
    lineage: pa.Table
    edges: pa.Table | None = None
    per_subject: bool = True
    supplements: tuple[str, ...] = field(default=())
