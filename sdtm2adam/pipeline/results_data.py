"""The results of a whole report as data: one file of statistics and one of members, as Parquet and as XPT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.compute.ascii import to_ascii
from sdtm2adam.compute.pieces import in_pieces
from sdtm2adam.errors import InternalError
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import MEMBER_COLUMNS, RESULT_COLUMNS, Dataset, Issue, Results, Severity, Variable
from sdtm2adam.pipeline.results_names import TRANSPORT_NAMES

_NOT_PLAIN = r"[^ -~]|.{41}"
"""Texts that are not ASCII, or so long that they may be more than 200 bytes when they are."""


STATISTICS, MEMBERS = "ard_all", "ard_member"
"""The names of the Parquet files of all statistics of a report, and of their members."""


def write_results_data(results: Mapping[str, Results], out: Path, created: datetime) -> tuple[list[Path], list[Issue]]:
    """Writes the results of all outputs together: `ard_all`, `ard_member` (Parquet), `ard`, `ardmem` (XPT).

    Args:
        results: of each output, by id; results that an output reads from another one are written once.
        out: the output folder.
        created: the time the XPT files bear.

    Returns:
        The files, and what the XPT files say otherwise than the Parquet files.

    Raises:
        InternalError: two results have one id.
    """
    if not results:
        return [], []
    statistics, members = combined(results)
    files: list[Path] = []
    issues: list[Issue] = []
    for table, parquet, dataset in (
        (statistics, STATISTICS, ("ARD", "Analysis Results Data", ("RESID",))),
        (
            members,
            MEMBERS,
            ("ARDMEM", "Members of Analysis Results", tuple(TRANSPORT_NAMES[one][0] for one in MEMBER_COLUMNS)),
        ),
    ):
        files.append(out / "results" / f"{parquet}.parquet")
        write_parquet(table, files[-1])
        shown, found = as_transport(table, *dataset)
        files.append(out / "results" / f"{dataset[0].lower()}.xpt")
        write_xpt(shown, files[-1], created)
        issues += found
    return files, issues


def combined(results: Mapping[str, Results]) -> tuple[pa.Table, pa.Table]:
    """All results, by output, and the members of each set once."""
    frames = [
        pa.Table.from_pandas(
            one.frame.loc[one.frame["output_id"] == one.output_id, list(RESULT_COLUMNS)], preserve_index=False
        )
        for _, one in sorted(results.items())
    ]
    statistics = _plain(pa.concat_tables(frames))
    if pc.count_distinct(statistics["result_id"]).as_py() != statistics.num_rows:
        raise InternalError("two results have one id", where=STATISTICS, mend="report this with the display specs")
    every = [pa.Table.from_pandas(one.members, preserve_index=False) for _, one in sorted(results.items())]
    named = _plain(pa.concat_tables(every)).select(list(MEMBER_COLUMNS))
    named = named.filter(pc.is_in(named["member_id"], pc.unique(statistics["member_id"])))
    once = named.group_by(list(MEMBER_COLUMNS), use_threads=False).aggregate([])
    return statistics, once.sort_by([(name, "ascending") for name in ("member_id", "role", *MEMBER_COLUMNS[1:5])])


def _plain(table: pa.Table) -> pa.Table:
    """Numbers as doubles, NaN as missing; all else as texts."""
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            number = column.cast(pa.float64())
            columns[name] = pc.if_else(pc.is_nan(number), pa.scalar(None, pa.float64()), number)
        else:
            columns[name] = column.cast(pa.string())
    return pa.table(columns)


def as_transport(table: pa.Table, name: str, label: str, keys: tuple[str, ...]) -> tuple[Dataset, list[Issue]]:
    """A table of results as an XPT file holds it: short names, texts in ASCII and in pieces of at most 200 bytes."""
    columns: dict[str, pa.ChunkedArray] = {}
    variables: list[Variable] = []
    issues: list[Issue] = []
    for column in table.column_names:
        short, said = TRANSPORT_NAMES[column]
        if pa.types.is_string(table[column].type):
            pieces, found = _in_ascii(table[column], name, short)
            issues += found
            for number, piece in enumerate(pieces):
                columns[_name(short, number)] = piece
                variables.append(Variable(_name(short, number), f"{said} {number + 1}" if number else said, "text"))
        else:
            columns[short] = table[column]
            variables.append(Variable(short, said, "float"))
    frame = pa.table(columns)
    lineage = pa.table({"row": pa.array([], pa.int64())})
    structure = "One record per statistic" if name == "ARD" else "One record per member of a set"
    return Dataset(name, label, "results", "", structure, keys, tuple(variables), frame, lineage), issues


def _in_ascii(column: pa.ChunkedArray, dataset: str, variable: str) -> tuple[list[pa.ChunkedArray], list[Issue]]:
    """A text column in pieces an XPT file can hold, and what was changed for it."""
    distinct = pc.unique(column)
    odd = distinct.filter(pc.match_substring_regex(distinct, _NOT_PLAIN)).to_pylist()
    made = {text: [to_ascii(piece) for piece in in_pieces(text)] for text in odd}
    changed = {text: parts for text, parts in made.items() if parts != [text]}
    if not changed:
        return [column], []
    places = pc.index_in(column, value_set=pa.array(list(changed), pa.string()))
    pieces = []
    for number in range(max(map(len, changed.values()))):
        parts = pa.array([(*parts, *[""] * number)[number] for parts in changed.values()], pa.string())
        rest = column if number == 0 else pa.scalar("", pa.string())
        pieces.append(pc.if_else(pc.is_valid(places), pc.take(parts, pc.fill_null(places, 0)), rest))
    return pieces, list(_issues(column, changed, dataset, variable))


def _issues(column: pa.ChunkedArray, changed: Mapping[str, list[str]], dataset: str, variable: str) -> Iterable[Issue]:
    """One note on the texts that are written in ASCII, and one on those that go on in further variables."""
    replaced = [text for text in changed if to_ascii(text) != text]
    long = [text for text, parts in changed.items() if len(parts) > 1]
    for rule, texts, what in (
        ("xpt-not-ascii", replaced, "written in ASCII, which is all that a transport file holds"),
        ("xpt-text-long", long, f"longer than 200 bytes and continued in {_name(variable, 1)} and so on"),
    ):
        if texts:
            one = len(texts) == 1
            yield Issue(
                dataset=dataset,
                rule=rule,
                severity=Severity.NOTE,
                variable=variable,
                records=int(pc.sum(pc.is_in(column, pa.array(texts, pa.string()))).as_py()),
                text=f"{len(texts)} text{'' if one else 's'} of the results {'is' if one else 'are'} {what}: "
                f"{texts[0][:60]!r} as {changed[texts[0]][0][:60]!r}; the Parquet file has the text as it is",
                source="results as a transport file",
            )


def _name(short: str, number: int) -> str:
    """The variable that holds a piece of a text: the first under its own name, further ones numbered."""
    return f"{short[: 8 - len(str(number))]}{number}" if number else short
