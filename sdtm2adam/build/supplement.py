"""Supplemental qualifiers: what a domain has beyond the standard, as a SUPP-- dataset of its own."""

from __future__ import annotations

import pyarrow as pa

from sdtm2adam.build.metadata import origin_of
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


def supplement(plan: Plan, context: Context, rows: pa.ChunkedArray) -> Dataset | None:
    """The SUPP-- dataset of a computed domain; None without qualifiers or values.

    Args:
        plan: the plan.
        context: of the domain.
        rows: the number each record had while it was made, in the order of the finished dataset.

    Raises:
        SpecError: a qualifier has no label, or its records cannot be named.
    """
    qualifiers = qualifiers_of(context)
    if not qualifiers:
        return None
    places = pa.table({"_row": rows, "_place": pa.array(range(len(rows)), pa.int64())})
    order = plan.warehouse.register(places)
    selects = [_values(context, qualifier, producer) for qualifier, producer in qualifiers.items()]
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


def _values(context: Context, qualifier: str, producer: Producer) -> str:
    """SELECT of one qualifier's records."""
    if producer.label is None:
        raise SpecError(
            f"{context.name}: the qualifier {qualifier} has no label", where=producer.where, mend="add label:"
        )
    source = From(context.relation)
    sequence = f"{context.name[:2]}SEQ"
    has_sequence = sequence in context.relation.names
    if not has_sequence and context.name != "DM":
        raise SpecError(
            f"{context.name} has qualifiers but no {sequence} to name their records by",
            where=producer.where,
            mend=f"add {sequence}: auto",
        )
    identifier = f"CAST(CAST({source.own(sequence)} AS BIGINT) AS VARCHAR)" if has_sequence else "CAST(NULL AS VARCHAR)"
    items = {
        "STUDYID": source.own("STUDYID"),
        "RDOMAIN": literal(context.name),
        "USUBJID": source.own("USUBJID"),
        "IDVAR": literal(sequence) if has_sequence else "CAST(NULL AS VARCHAR)",
        "IDVARVAL": identifier,
        "QNAM": literal(qualifier),
        "QLABEL": literal(str(producer.label)),
        "QVAL": as_text(source.own(qualifier), context.relation.types[qualifier]),
        "QORIG": literal(origin_of(context, producer)),
        "QEVAL": "CAST(NULL AS VARCHAR)",
    }
    columns = ", ".join(f"{value} AS {name(column)}" for column, value in items.items())
    return f"SELECT r._row AS _row, {columns} {source.clause()} WHERE {source.own(qualifier)} IS NOT NULL"


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
