"""Supplemental qualifiers: what a domain has beyond the standard, as a SUPP-- dataset of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from sdtm2adam.build.long_texts import more_name
from sdtm2adam.build.metadata import origin_of, variable_of
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import From
from sdtm2adam.errors import SpecError
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec import standards
from sdtm2adam.spec.producer import Producer

COLUMNS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL")
_KEYS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")


def qualifiers_of(context: Context) -> dict[str, Producer]:
    """The supplemental qualifiers of a dataset: QNAM and the first producer that makes it."""
    found: dict[str, Producer] = {}
    for supp in (context.spec.supp, *(block.supp for block in context.spec.records)):
        for qualifier, producer in supp.items():
            found.setdefault(qualifier, producer)
    return found


@dataclass(frozen=True)
class _Qualifier:
    """One QNAM: the column with its values, its label and origin, and who judged."""

    qnam: str
    column: str
    label: str
    origin: str
    where: str
    evaluator: str | None = None


def _qualifiers(plan: Plan, context: Context) -> list[_Qualifier]:
    """The qualifiers the spec makes, each with the further pieces of long texts; then those of long variables."""
    found = []
    for qnam, producer in qualifiers_of(context).items():
        if producer.label is None:
            said = f"{context.name}: the qualifier {qnam} has no label"
            raise SpecError(said, where=producer.where, mend="add label:")
        origin, evaluator = _local(context, "QORIG", origin_of(context, producer)), producer.eval
        found.append(_Qualifier(qnam, qnam, str(producer.label), origin, producer.where, evaluator))
    place = context.spec.dataset.where
    for column, more in context.relation.pieces.items():
        parent = next((one for one in found if one.qnam == column), None)
        if parent is None:
            fact = variable_of(plan, context, column, [])
            parent = _Qualifier(column, column, fact.label, _local(context, "QORIG", fact.origin), place)
        names = [(_numbered(column, i), more_name(context.relation, column, i)) for i in range(1, more + 1)]
        if more_name(context.relation, column, 1) in context.relation.names:
            continue  # variables of their own
        found += [replace(parent, qnam=qnam, column=hidden) for qnam, hidden in names]
    taken = [one.qnam for one in found]
    twice = next((qnam for qnam in taken if taken.count(qnam) > 1 or _is_variable(context, qnam)), None)
    if twice is not None:
        said = f"{context.name}: two qualifiers or a variable would be called {twice}"
        raise SpecError(said, where=place, mend="rename the qualifier; long texts take the next numbers of their name")
    return found


def _is_variable(context: Context, qnam: str) -> bool:
    return qnam in context.relation.names and qnam not in qualifiers_of(context)


def _numbered(column: str, number: int) -> str:
    """The QNAM of a further piece: the name and a number, in eight characters.

    >>> _numbered("AETERM", 1), _numbered("LBREASND", 2)
    ('AETERM1', 'LBREASN2')
    """
    return f"{column[: 8 - len(str(number))]}{number}"


def supplement(plan: Plan, context: Context, rows: pa.ChunkedArray) -> Dataset | None:
    """The SUPP-- dataset of a computed domain; None without qualifiers or values.

    Args:
        plan: the plan.
        context: of the domain.
        rows: the number each record had while it was made, in the order of the finished dataset.

    Raises:
        SpecError: a qualifier has no label, or its records cannot be named.
    """
    qualifiers = _qualifiers(plan, context)
    if not qualifiers:
        return None
    places = pa.table({"_row": rows, "_place": pa.array(range(len(rows)), pa.int64())})
    order = plan.warehouse.register(places)
    selects = [_values(context, qualifier) for qualifier in qualifiers]
    sequence = "try_cast(v.IDVARVAL AS BIGINT)"
    whole = plan.warehouse.arrow(
        f"SELECT v.* EXCLUDE (_row), o._place FROM ({' UNION ALL '.join(selects)}) v JOIN {order} o ON o._row = v._row "
        f"ORDER BY v.USUBJID, v.IDVAR NULLS FIRST, {sequence}, v.QNAM"
    )
    if not whole.num_rows:
        return None
    lineage = pa.table(
        {
            "row": pa.array(range(whole.num_rows), pa.int64()),
            "source": pa.array([context.name] * whole.num_rows, pa.string()),
            "source_row": whole["_place"],
        }
    )
    return Dataset(
        name=f"SUPP{context.name}",
        label=f"Supplemental Qualifiers for {context.name}",
        stage="sdtm",
        klass="RELATIONSHIP",
        structure="One record per supplemental qualifier per related parent domain record(s)",
        keys=_KEYS,
        variables=tuple(_variable(column) for column in COLUMNS),
        frame=whole.drop_columns(["_place"]),
        lineage=lineage,
        per_subject=True,
    )


def _values(context: Context, qualifier: _Qualifier) -> str:
    """SELECT of one qualifier's records."""
    source = From(context.relation)
    sequence = f"{context.name[:2]}SEQ"
    has_sequence = sequence in context.relation.names
    if not has_sequence and context.name != "DM":
        raise SpecError(
            f"{context.name} has qualifiers but no {sequence} to name their records by",
            where=qualifier.where,
            mend=f"add {sequence}: auto",
        )
    identifier = f"CAST(CAST({source.own(sequence)} AS BIGINT) AS VARCHAR)" if has_sequence else "CAST(NULL AS VARCHAR)"
    items = {
        "STUDYID": source.own("STUDYID"),
        "RDOMAIN": literal(context.name),
        "USUBJID": source.own("USUBJID"),
        "IDVAR": literal(sequence) if has_sequence else "CAST(NULL AS VARCHAR)",
        "IDVARVAL": identifier,
        "QNAM": literal(qualifier.qnam),
        "QLABEL": literal(qualifier.label),
        "QVAL": as_text(source.own(qualifier.column), context.relation.types[qualifier.column]),
        "QORIG": literal(qualifier.origin),
        "QEVAL": f"CAST({literal(qualifier.evaluator)} AS VARCHAR)",
    }
    columns = ", ".join(f"{value} AS {name(column)}" for column, value in items.items())
    return f"SELECT r._row AS _row, {columns} {source.clause()} WHERE {source.own(qualifier.column)} IS NOT NULL"


def _local(context: Context, column: str, text: str) -> str:
    """The text as the study's map of that name has it, if it has one."""
    return str(context.maps.get(column, {}).get(text, text))


def as_text(value: str, kind: str) -> str:
    """SQL of a value as text; a whole number has no decimal point."""
    if kind == "VARCHAR":
        return value
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"CAST(CAST({value} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN {value} = floor({value}) THEN {whole} ELSE CAST({value} AS VARCHAR) END"
    return f"CAST({value} AS VARCHAR)"


def _variable(column: str) -> Variable:
    fact = standards.sdtm_variables()["SUPPQUAL", column]
    return Variable(name=column, label=fact.label, type="text", core=fact.core, role=fact.role, origin="Assigned")
