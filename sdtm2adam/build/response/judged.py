"""Responses: of each assessment the first of the set whose conditions are met, why, and by which records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.response.conditions import Conditions, Part, items_of
from sdtm2adam.build.response.measured import Create, Inputs, wide
from sdtm2adam.build.response.words import PIECES, each_once, first_piece, is_leaf, shortened
from sdtm2adam.spec.criteria import NOT_EVALUABLE, CriteriaSet, Response

REASON = "RESPWHY"
"""The variable that says why; a longer text goes on in RESPWHY1."""


@dataclass(frozen=True)
class Confirmation:
    """These responses count if they, or better ones, are seen again at least so many days later."""

    responses: tuple[str, ...]
    days: int


@dataclass(frozen=True)
class Judged:
    """What was judged: a table with `_row` (of the subject), `_d` and the columns; and the records that decided.

    `records` has `_row, _d, _nr, _srow`, one row for each record that decided an assessment.
    """

    rows: str
    records: str


def columns(criteria: CriteriaSet, measures: Iterable[str], *, confirmed: bool) -> dict[str, str]:
    """The variables of the result with their labels, in their order."""
    found = {"ADT": "Analysis Date", "AVALC": "Analysis Value (C)", "AVAL": "Analysis Value"}
    if criteria.remission is not None:
        found["REMFL"] = "Remission Flag"
    if criteria.mrd:
        found["MRDSTAT"] = "Minimal Residual Disease Status"
    if confirmed:
        found |= {"CONFFL": "Response Confirmed Flag", "CONFDT": "Date of Confirmation"}
    found[REASON] = "Reason of Response"
    found |= {f"{REASON}{i}": f"Reason of Response {i}" for i in range(1, PIECES)}
    found |= {"RESPNJ": "Responses Not Judged", "RESPREC": "Records That Decided"}
    for key, measure in criteria.measures.items():
        if key in measures and measure.kind != "event":
            label = str(measure.label) if measure.label.isupper() else str(measure.label).capitalize()
            unit = f" ({measure.unit})" if measure.unit is not None and len(label) + len(measure.unit) < 37 else ""
            found |= {str(measure.variable): label + unit, f"{measure.variable}DT": f"Date of {measure.label}"}
    return found


def judge(inputs: Inputs, confirmation: Confirmation | None, create: Create) -> Judged:
    """Judges all assessments of all subjects by a criteria set.

    Each condition is true, false, or, where a measure is missing, not to be judged. Of the responses the first that is
    true is given; one that cannot be judged is passed over and told (`RESPNJ`); where none is true the assessment is
    not evaluable (NE).

    Args:
        inputs: the set, the subjects and the measures.
        confirmation: which responses are looked for again, and after how many days.
        create: makes a table of a SELECT.
    """
    criteria = inputs.criteria
    conditions = Conditions(inputs, create)
    rows = conditions.judged(wide(inputs, create))
    rows = create(f"SELECT *, {', '.join(_states(criteria, conditions))} FROM {rows}")
    rows = create(f"SELECT *, {', '.join(_chosen(criteria))} FROM {rows}")
    told = create(f"SELECT *, {', '.join(_texts(criteria, conditions, inputs))} FROM {rows}")
    made = create(f"SELECT _row, _d, {', '.join(_variables(inputs, conditions))} FROM {told}")
    if confirmation is not None:
        made = create(_confirmed(made, confirmation))
    return Judged(made, create(_records(told, inputs, conditions)))


# --- states -----------------------------------------------------------------------------------------------------


def _of(response: Response, conditions: Conditions) -> Part:
    return conditions.combined(response.all, response.any, response.none)


def _states(criteria: CriteriaSet, conditions: Conditions) -> list[str]:
    """`rc<i>`, `rk<i>` of each response; `qc<i>` of each status of MRD."""
    items = []
    for i, response in enumerate(criteria.responses):
        part = _of(response, conditions)
        items += [f"{part.state} AS rc{i}", f"{part.decided} AS rk{i}"]
    return items + [f"{_of(one, conditions).state} AS qc{i}" for i, one in enumerate(criteria.mrd)]


def _chosen(criteria: CriteriaSet) -> list[str]:
    """`_which`: the place of the response; masks of what it is told by, of what was not judged, of all that decided."""
    count = len(criteria.responses)
    which = " ".join(f"WHEN rc{i} THEN {i}" for i in range(count))
    names = [str(response.response) for response in criteria.responses]
    instead = [names.index(str(r.instead_of)) if r.instead_of is not None else i
               for i, r in enumerate(criteria.responses)]  # fmt: skip
    why = " ".join(f"WHEN {i} THEN rk{instead[i]}" for i in range(count))
    unknown = " | ".join(f"(CASE WHEN rc{i} IS NULL THEN rk{i} ELSE 0 END)" for i in range(count))
    before = " | ".join(f"(CASE WHEN _which > {i} AND rc{i} IS NULL THEN rk{i} ELSE 0 END)" for i in range(count))
    used = " ".join(f"WHEN {i} THEN rk{i} | rk{instead[i]}" for i in range(count))
    return [
        f"CASE {which} END AS _which",
        f"CASE _which {why} ELSE {unknown} END AS _why",
        f"CASE WHEN _which IS NULL THEN 0 ELSE {before} END AS _passed",
        f"CASE _which {used} ELSE 0 END AS _used",
    ]


# --- words ------------------------------------------------------------------------------------------------------


def _reasons(mask: str, conditions: Conditions) -> str:
    """SQL of the words of the conditions that decided, in the order of the set, each once."""
    told = [
        f"CASE WHEN ({mask} & {1 << i}) <> 0 THEN t{i} END"
        for i, one in enumerate(conditions.names)
        if is_leaf(conditions.inputs.criteria.conditions[one])
    ]
    return each_once(f"[{', '.join(told)}]", "; ")


def _texts(criteria: CriteriaSet, conditions: Conditions, inputs: Inputs) -> list[str]:
    labels = {str(response.response): response.shown for response in criteria.responses}
    heads = " ".join(
        f"WHEN {i} THEN {literal(r.shown + (f', not {labels[str(r.instead_of)]}' if r.instead_of else ''))}"
        for i, r in enumerate(criteria.responses)
    )
    nothing = NOT_EVALUABLE
    if criteria.remission is not None:
        remission = conditions.names.index(str(criteria.remission))
        label = criteria.conditions[str(criteria.remission)].label or criteria.remission
        nothing = f"CASE WHEN c{remission} THEN {literal(f'NE, with {label}')} ELSE 'NE' END"
    else:
        nothing = literal(nothing)
    none = "CASE WHEN _why = 0 THEN 'no response of the set is met' ELSE " + _reasons("_why", conditions) + " END"
    passed = ", ".join(
        f"CASE WHEN _which > {i} AND rc{i} IS NULL THEN {literal(r.shown)} END"
        for i, r in enumerate(criteria.responses)
    )
    refs = ", ".join(
        f"CASE WHEN ((_used | _why) & {bits}) <> 0 THEN ({item}).ref END" for item, bits in items_of(inputs, conditions)
    )
    passed_over = f"concat_ws(', ', {passed}) || ' not judged: ' || {_reasons('_passed', conditions)}"
    return [
        f"CASE _which {heads} ELSE {nothing} END || ': ' || {none} AS _said",
        f"CASE WHEN _passed <> 0 THEN {passed_over} END AS _notjudged",
        f"nullif({each_once(f'[{refs}]', ', ')}, '') AS _refs",
    ]


def _variables(inputs: Inputs, conditions: Conditions) -> list[str]:
    criteria = inputs.criteria
    codes = " ".join(f"WHEN {i} THEN {literal(str(r.response))}" for i, r in enumerate(criteria.responses))
    ranks = " ".join(f"WHEN {i} THEN {r.rank}" for i, r in enumerate(criteria.responses))
    worst = max(r.rank or 0 for r in criteria.responses) + 1
    items = [
        "_d AS ADT",
        f"CASE _which {codes} ELSE '{NOT_EVALUABLE}' END AS AVALC",
        f"CAST(CASE _which {ranks} ELSE {worst} END AS INTEGER) AS AVAL",
    ]
    if criteria.remission is not None:
        i = conditions.names.index(str(criteria.remission))
        items.append(f"CASE WHEN c{i} THEN 'Y' WHEN NOT c{i} THEN 'N' END AS REMFL")
    if criteria.mrd:
        states = " ".join(f"WHEN qc{i} THEN {literal(str(one.response))}" for i, one in enumerate(criteria.mrd))
        unknown = " OR ".join(f"qc{i} IS NULL" for i in range(len(criteria.mrd)))
        items.append(f"CASE {states} WHEN {unknown} THEN '{NOT_EVALUABLE}' END AS MRDSTAT")
    rest = "_said"
    for i in range(PIECES):
        last = i == PIECES - 1
        own = f"_p{i}"
        items.append(f"{shortened(rest, ';') if last else first_piece(rest)} AS {own}")
        if not last:
            items.append(f"nullif(substr({rest}, length({own}) + 2), '') AS _rest{i}")
            rest = f"_rest{i}"
        items.append(f"{own} AS {REASON}{i or ''}")
    items += [f"{shortened('_notjudged', ';')} AS RESPNJ", f"{shortened('_refs', ',')} AS RESPREC"]
    for key, measured in inputs.measured.items():
        if measured.measure.kind != "event":
            m, variable = f"m{inputs.number(key)}", str(measured.measure.variable)
            items += [f"({m}).v AS {name(variable)}", f"({m}).d AS {name(variable + 'DT')}"]
    return items


# --- confirmation and records -----------------------------------------------------------------------------------


def _confirmed(rows: str, confirmation: Confirmation) -> str:
    """Adds CONFFL and CONFDT.

    A response is confirmed by the first assessment at least so many days later that could be evaluated, if that shows
    it or a better one, and no assessment between them shows a worse one.
    """
    wanted = ", ".join(literal(one) for one in confirmation.responses)
    later = (
        f"SELECT a._row, a._d, min(b._d) AS again FROM {rows} a JOIN {rows} b ON b._row = a._row "
        f"AND b._d >= a._d + {confirmation.days} AND b.AVALC <> '{NOT_EVALUABLE}' GROUP BY ALL"
    )
    worse = (
        f"SELECT a._row, a._d, min(b._d) AS worse FROM {rows} a JOIN {rows} b ON b._row = a._row AND b._d > a._d "
        f"AND b.AVALC <> '{NOT_EVALUABLE}' AND b.AVAL > a.AVAL GROUP BY ALL"
    )
    good = "l.again IS NOT NULL AND (w.worse IS NULL OR w.worse > l.again)"
    return (
        f"SELECT a.*, CASE WHEN a.AVALC IN ({wanted}) THEN CASE WHEN {good} THEN 'Y' ELSE 'N' END END AS CONFFL, "
        f"CASE WHEN a.AVALC IN ({wanted}) AND {good} THEN l.again END AS CONFDT FROM {rows} a "
        f"LEFT JOIN ({later}) l ON l._row = a._row AND l._d = a._d "
        f"LEFT JOIN ({worse}) w ON w._row = a._row AND w._d = a._d"
    )


def _records(rows: str, inputs: Inputs, conditions: Conditions) -> str:
    """The records that decided, those of an earlier remission that counted, and those that made the assessment."""
    looked = items_of(inputs, conditions)
    parts = [
        f"SELECT _row, _d, ({item}).nr AS _nr, ({item}).s AS _srow FROM {rows} WHERE ((_used | _why) & {bits}) <> 0"
        for item, bits in looked
    ]
    for i, condition in enumerate(conditions.names):
        if (earlier := inputs.criteria.conditions[condition].had) is not None:
            join = f"FROM {rows} r JOIN {rows} q ON q._row = r._row AND q._d = r.h{i}"
            own = f"(r._used & {1 << i}) <> 0 AND (q.k{conditions.names.index(str(earlier))} &"
            parts += [f"SELECT r._row, r._d, (q.{item}).nr, (q.{item}).s {join} WHERE {own} {bits}) <> 0"
                      for item, bits in looked]  # fmt: skip
    for anchor in inputs.criteria.assessed_by:
        if (measured := inputs.measured.get(str(anchor))) is not None:
            own = f"SELECT r._row, r._d, s._nr, s._srow FROM {rows} r JOIN {measured.table} s"
            parts.append(f"{own} ON s._row = r._row AND s._d = r._d")
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) WHERE _srow IS NOT NULL"
