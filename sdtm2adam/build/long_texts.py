"""SDTM texts of more than 200 bytes: the variable keeps the first piece, the others become supplemental qualifiers.

TS and CO have variables for them instead (TSVAL1, COVAL1, ...).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import aliased, name
from sdtm2adam.build.record_names import names_of
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import settle
from sdtm2adam.compute.pieces import MOST_BYTES, in_pieces
from sdtm2adam.model import Issue, Severity

_MAY_GROW = MOST_BYTES // 5
"""A text of fewer bytes never becomes longer than 200 by the replacement of characters that are not ASCII."""
_VARIABLES_OF = {"TS": "TSVAL", "CO": "COVAL"}
_NO_QUALIFIERS = ("TA", "TE", "TI", "TV", "TD", "TM", "RELREC", "RELSUB", "RELSPEC")


def cut_long_texts(plan: Plan, relation: Relation, columns: list[str]) -> None:
    """Cuts the texts of computed columns of an SDTM dataset into pieces, and tells it.

    Args:
        plan: gets a note for each variable that was cut.
        relation: of the dataset; `pieces` gets how many more pieces a column has.
        columns: what was just computed; only texts that are written are looked at.
    """
    context = plan.contexts.get(relation.key)
    if context is None or context.stage != "sdtm" or not relation.count or relation.key in _NO_QUALIFIERS:
        return
    texts = [c for c in columns if relation.types.get(c) == "VARCHAR" and not c.startswith("_") and "~" not in c]
    if not texts:
        return
    homes: dict[str, list[str]] = {}
    for column in texts:
        if (codes := relation.codes.of(column)) is not None:
            most = pc.max(pc.binary_length(codes.dictionary)).as_py()
            if most is not None and most > _MAY_GROW:
                _cut(plan, relation, column)
            continue
        homes.setdefault(relation.home[column], []).append(column)
    for home, together in homes.items():
        longest = plan.warehouse.rows(f"SELECT {', '.join(f'max(strlen({name(c)}))' for c in together)} FROM {home}")[0]
        for column, most in zip(together, longest, strict=True):
            if most is not None and most > _MAY_GROW:
                _cut(plan, relation, column)


def _cut(plan: Plan, relation: Relation, column: str) -> None:
    source = From(relation)
    text = source.own(column)
    may_be_long = f"strlen({text}) > {MOST_BYTES} OR (strlen({text}) > {_MAY_GROW} AND strlen({text}) > length({text}))"
    found = plan.warehouse.rows(f"SELECT DISTINCT {text} {source.clause()} WHERE {may_be_long}")
    pieces = {value: parts for (value,) in found if len(parts := in_pieces(value)) > 1}
    if not pieces:
        return
    more = max(map(len, pieces.values())) - 1
    names = [more_name(relation, column, number) for number in range(1, more + 1)]
    table = plan.warehouse.register(_table(pieces, more))
    source = From(relation)
    text = source.own(column)
    items = [aliased(f"coalesce(m.p0, {text})", column), *(f"m.p{i} AS {name(n)}" for i, n in enumerate(names, 1))]
    made = plan.warehouse.create(
        f"SELECT r._row AS _row, {', '.join(items)} {source.clause()} LEFT JOIN {table} m ON m.whole = {text}"
    )
    settle(plan, relation, made, [column, *names])
    relation.pieces[column] = more
    if _VARIABLES_OF.get(relation.key) == column:
        relation.names.update({n: Definition("", given=True) for n in names})
    _tell(plan, relation, column, made, names)


def more_name(relation: Relation, column: str, number: int) -> str:
    """The column with a further piece: a variable of TS and CO, else hidden until the qualifiers are written."""
    return f"{column}{number}" if _VARIABLES_OF.get(relation.key) == column else f"{column}~more{number}"


def _table(pieces: dict[str, list[str]], more: int) -> pa.Table:
    columns = {
        f"p{i}": pa.array([made[i] if i < len(made) else None for made in pieces.values()], pa.string())
        for i in range(more + 1)
    }
    return pa.table({"whole": pa.array(list(pieces), pa.string()), **columns})


def _tell(plan: Plan, relation: Relation, column: str, made: str, names: list[str]) -> None:
    cut = f"FROM {made} s WHERE s.{name(names[0])} IS NOT NULL"
    count = plan.warehouse.one(f"SELECT count(*) {cut}")
    goes = "the next variables" if _VARIABLES_OF.get(relation.key) == column else f"SUPP{relation.key}"
    context = plan.contexts[relation.key]
    plan.issues.append(
        Issue(
            dataset=relation.key,
            rule="text-split",
            severity=Severity.NOTE,
            variable=column,
            records=count,
            keys=names_of(plan, relation, f"SELECT 0 AS g, s._row {cut}")[0],
            text=f"{relation.key}.{column}: {count:,} texts of more than {MOST_BYTES} bytes go on in {goes}",
            source=context.spec.dataset.where,
        )
    )
