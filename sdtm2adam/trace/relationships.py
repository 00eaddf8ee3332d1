"""RELREC and SUPP-- in words: which records belong together, which record and variable a qualifier is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sdtm2adam.build.supplement import qualifiers_of
from sdtm2adam.errors import InternalError
from sdtm2adam.spec.dataset import Relate
from sdtm2adam.trace.again import Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import record_name
from sdtm2adam.trace.record_key import rows_having
from sdtm2adam.trace.stored import Stored
from sdtm2adam.trace.story import Fact, Step, plain, shown

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator

_RECORD = ("USUBJID", "IDVAR", "IDVARVAL")


def tell_relate(n: Narrator, place: Place, column: str, relate: Relate) -> Made:
    """A column of RELREC: the record it stands for, by what it is linked, and the others of its group."""
    found = n.again.follow(place, "")
    assert found is not None
    side = ("left", "right")[found.number]
    by = [str(pair[found.number]) for pair in relate.by]
    links = ", ".join(f"{mine} of {relate.left} = {theirs} of {relate.right}" for mine, theirs in relate.by)
    facts = [
        Fact("spec", n.again.line(relate.id.where)),
        Fact("method", f"records of one subject belong together where {links}; this is the {side} one"),
        Fact("picked", record_name(n, found.place)),
    ]
    reads = [n.cell(found.place, name) for name in by]
    number = f"{place.relation.dataset and found.place.relation.key[:2]}SEQ"
    if column == "IDVARVAL":
        reads.insert(0, n.cell(found.place, number))
    if column == "RELID":
        facts.append(Fact("text", f"{relate.id} and the number of the group within the subject"))
        facts += [Fact("records" if i == 0 else "", name) for i, name in enumerate(_others(n, place))]
        reads += _other_side(n, place, relate)
    return Made(facts, reads)


def _group(n: Narrator, place: Place) -> list[Place]:
    """The rows of RELREC that have the RELID of one of them."""
    subject, group = n.again.value(place, "USUBJID"), n.again.value(place, "RELID")
    rows = n.again.plan.warehouse.connection.execute(
        f"SELECT _row FROM {place.relation.rows} WHERE USUBJID = $1 AND RELID = $2 ORDER BY _row", [subject, group]
    ).fetchall()
    return [Place(place.relation, row) for (row,) in rows]


def _others(n: Narrator, place: Place) -> list[str]:
    return [record_name(n, found.place) for one in _group(n, place) if (found := n.again.follow(one, "")) is not None]


def _other_side(n: Narrator, place: Place, relate: Relate) -> list[Step]:
    """The link of the first record of the other side."""
    own = n.again.follow(place, "")
    for one in _group(n, place):
        found = n.again.follow(one, "")
        if found is not None and own is not None and found.number != own.number:
            return [n.cell(found.place, str(pair[found.number])) for pair in relate.by]
    return []


# --- supplemental qualifiers ------------------------------------------------------------------------------------


def tell_qualifier(n: Narrator, dataset: str, frame: Stored, number: int, column: str) -> Step:
    """A value of SUPP--: of QVAL the qualifier of its parent record, of the others what they say of it."""
    parent = dataset.removeprefix("SUPP")
    record = {name: frame[name][number].as_py() for name in frame.column_names}
    value = record[column]
    qualifier = str(record["QNAM"])
    where = Place(n.again.context(parent).relation, _parent_row(n, parent, record))
    facts = [Fact("record", ", ".join(f"{k}={plain(record[k])}" for k in (*_RECORD, "QNAM") if record[k] is not None)),
             Fact("picked", f"qualifier of {record_name(n, where)}")]  # fmt: skip
    made = _said_of(n, parent, where, column, qualifier, record)
    if made.has_retold and made.retold != value:
        n.disagreements.append(
            f"{dataset}.{column} is {shown(value)}, but the steps told here make {shown(made.retold)}"
        )
        facts.append(Fact("DISAGREES", n.disagreements[-1]))
    return Step(f"{dataset}.{column}", value, (*facts, *made.facts), tuple(made.reads))


def _parent_row(n: Narrator, parent: str, record: dict[str, Any]) -> int:
    """The row of the parent that a qualifier belongs to."""
    frame = n.again.stored(parent)
    rows = rows_having(frame, np.arange(frame.num_rows), "USUBJID", str(record["USUBJID"]))
    if record["IDVAR"] is not None:
        rows = rows_having(frame, rows, record["IDVAR"], record["IDVARVAL"])
    if len(rows) != 1:
        raise InternalError(f"a qualifier {record['QNAM']} is of {len(rows)} records", where=parent, mend="report it")
    return n.again.place(parent, int(rows[0])).row


def _said_of(n: Narrator, parent: str, where: Place, column: str, qualifier: str, record: dict[str, Any]) -> Made:
    context = n.again.context(parent)
    producer = qualifiers_of(context).get(qualifier)
    if column == "QVAL":
        return _value(n, where, qualifier)
    if column == "IDVARVAL" and record[column] is not None:
        step = n.cell(where, f"{parent[:2]}SEQ")
        return Made([Fact("method", f"the {parent[:2]}SEQ of the record")], [step], plain(step.value))
    if column in ("USUBJID", "STUDYID"):
        step = n.cell(where, column)
        return Made([], [step], step.value)
    if column == "QLABEL" and producer is not None and producer.label is not None:
        return Made([Fact("spec", n.again.line(producer.label.where))], [], str(producer.label))
    words = {"RDOMAIN": "the dataset the qualifier is of", "IDVAR": "the variable that names the record",
             "QNAM": "the name of the qualifier in supp: of the spec, or a variable whose text goes on here",
             "QLABEL": "the label of the variable whose text goes on here",
             "QORIG": "where the values come from: said by origin: of the spec, else by its producer"}  # fmt: skip
    facts = [Fact("spec", n.again.line(producer.where))] if producer is not None and producer.where else []
    return Made([*facts, Fact("method", words.get(column, "nothing fills it"))])


def _value(n: Narrator, where: Place, qualifier: str) -> Made:
    """QVAL: the value of the qualifier, or a further piece of a long text."""
    if n.again.has(where, qualifier) and "~" not in qualifier:
        step = n.cell(where, qualifier)
        return Made([], [step], plain(step.value))
    for column, number in _pieces(n, where, qualifier):
        said = f"piece {number + 1} of the text of {column}, which has more than 200 bytes"
        return Made([Fact("method", said)], [n.cell(where, column)], n.again.value(where, f"{column}~more{number}"))
    return Made([Fact("note", f"nothing in the spec makes {qualifier}")], [], None)


def _pieces(n: Narrator, where: Place, qualifier: str) -> list[tuple[str, int]]:
    """The long text, and the number of its piece, that a qualifier may hold: AENOTE1 the second one of AENOTE."""
    found = []
    for column in [c for c in where.relation.names if "~" not in c and not c.startswith("_")]:
        for number in range(1, 100):
            if f"{column[: 8 - len(str(number))]}{number}" == qualifier:
                n.again.value(where, column)  # computing it cuts it
                if number <= where.relation.pieces.get(column, 0):
                    found.append((column, number))
    return found
