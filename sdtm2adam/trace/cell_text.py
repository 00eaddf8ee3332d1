"""The chain of a cell as plain text for a reviewer, and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sdtm2adam.trace.cell_story import CellTrace, MemberGroup, MemberSet
from sdtm2adam.trace.origins import Origin
from sdtm2adam.trace.story import named, plain, shown

_WIDTH = 12


def cell_as_text(trace: CellTrace) -> str:
    """The chain for a person: first what is wrong with it, then the cell, its results, its members and their records.

    A record that was told is named again, not told again.
    """
    lines = [f"!! DISAGREES: {said}" for said in trace.disagreements]
    if trace.disagreements:
        lines.append("!! Do not trust what stands below: run the study again; if it stays so, report it.")
    lines += [
        f"{trace.output}: {' - '.join(trace.titles)} ({trace.status})",
        _line(0, "cell", f"r{trace.row.number} c{trace.cell.first + 1}, page {trace.cell.page}"),
        _line(0, "row", " | ".join(trace.row.path)),
        _line(0, "column", trace.head.replace("|", " | ")),
        _line(0, "text", trace.cell.text),
    ]
    for one in trace.results:
        lines += ["", *_result(one, trace)]
    told = _Told()
    for made in trace.members:
        lines += ["", *_members(made, trace, told)]
    return "\n".join(lines) + "\n"


def _result(one: dict[str, Any], trace: CellTrace) -> Iterator[str]:
    printed = f", printed as {one['formatted']!r}" if one["formatted"] else ", not printed beside the others"
    yield f"result {one['result_id']}: {one['stat_label']} = {_value(one)}{printed}"
    status = one["status"] + (f": {one['status_reason']}" if one["status_reason"] else "")
    about = [f"{one['dataset']}.{one['variable']}" if one["variable"] else one["dataset"]]
    about += [f"PARAMCD {one['paramcd']}"] if one["paramcd"] else []
    yield _line(1, "status", status)
    yield _line(1, "method", f"{one['method_id']}, operation {one['op_id']}")
    yield _line(1, "settings", one["params"].replace(";", "; ") or "none")
    yield _line(1, "analysis", ", ".join([one["analysis_id"], *filter(None, about)]))
    yield _line(1, "subjects", f"{one['set_id']}{', subset ' + one['subset_id'] if one['subset_id'] else ''}")
    yield _line(1, "groups", _groups(one))
    if one["comp_ref"]:
        yield _line(1, "compared", one["comp_ref"])
    yield _line(1, "members", f"{_many(one['n_subj'], 'subject')}, {_many(one['n_rec'], 'record')}")
    for role, name in (("numerator", one["num_id"]), ("denominator", one["den_id"])):
        if name and name != one["result_id"]:
            other = trace.related.get(name) or next((r for r in trace.results if r["result_id"] == name), None)
            what = f": {other['op_id']} of {other['analysis_id']} = {_value(other)}" if other else ", not written"
            yield _line(1, role, f"result {name}{what}")


def _groups(one: dict[str, Any]) -> str:
    levels = [(one[f"g{at}_var"] or one[f"g{at}_id"], one[f"g{at}_level"]) for at in range(1, 5) if one[f"g{at}_id"]]
    return ", ".join(f"{name} = {level or '(all)'}" for name, level in levels) or "none"


def _value(one: dict[str, Any]) -> str:
    """The unrounded value of a result, or the text it is."""
    number = "" if one["stat"] is None or one["stat"] != one["stat"] else plain(one["stat"])
    return " ".join(filter(None, (number, one["stat_c"]))) or one["status"]


def _many(number: float, word: str) -> str:
    return f"{number:,.0f} {word}{'' if number == 1 else 's'}"


@dataclass
class _Told:
    """The records whose origins were told already."""

    full: set[tuple[str, int]] = field(default_factory=set)


def _members(made: MemberSet, trace: CellTrace, told: _Told) -> Iterator[str]:
    own = [one["op_id"] for one in trace.results if one["result_id"] in made.of]
    other = [one["op_id"] for name, one in trace.related.items() if name in made.of and one["op_id"] not in own]
    what = [f"behind {', '.join(dict.fromkeys(own))}"] if own else []
    what += [f"behind the numerator or denominator {', '.join(dict.fromkeys(other))}"] if other else []
    yield f"members {made.id}: {'; '.join(what)}"
    for group in made.groups:
        yield from _group(group, told)


def _group(group: MemberGroup, told: _Told) -> Iterator[str]:
    cut = f"; the first {len(group.shown)}:" if 0 < len(group.shown) < group.records else ":" if group.shown else ""
    count = f"{_many(group.subjects, 'subject')}, {_many(group.records, 'record')} of {group.dataset}"
    yield _line(1, group.role, count + cut)
    for member in group.shown:
        values = ", ".join(f"{name} {shown(value)}" for name, value in member.values)
        yield f"    {_named(member.origin)}" + (f": {values}" if values else "")
        if (member.origin.source, member.origin.row) not in told.full:
            yield from _below(member.origin, 3, told)


def _below(origin: Origin, depth: int, told: _Told) -> Iterator[str]:
    """What a record was made of; a chain in which each record has one origin is one line."""
    if len(origin.origins) > 1:
        told.full.add((origin.source, origin.row))
    for one in origin.origins:
        chain = [one]
        while len(chain[-1].origins) == 1 and not chain[-1].more:
            chain.append(chain[-1].origins[0])
        again = (chain[-1].source, chain[-1].row) in told.full
        yield _line(depth, one.how, " <- ".join(map(_named, chain)) + ("  (told above)" if again else ""))
        if not again:
            yield from _below(chain[-1], depth + 1, told)
    if origin.more:
        yield _line(depth, "", f"and {origin.more:,} more records")


def _named(origin: Origin) -> str:
    key = named(tuple((name, value) for name, value in origin.key if value is not None))
    file = f" of {origin.file}" if origin.file else ""
    return f"{origin.source} {key or f'record {origin.row + 1:,}'}{file}"


def _line(depth: int, kind: str, text: str) -> str:
    return f"{'  ' * depth}{kind:<{_WIDTH}}{' '.join(text.split())}".rstrip()


def cell_as_json(trace: CellTrace) -> str:
    """The chain for a machine, in ASCII: the same as the text, values unrounded, keys by name."""
    whole = {
        "output": trace.output,
        "titles": list(trace.titles),
        "status": trace.status,
        "cell": {
            "row": trace.row.number,
            "column": trace.cell.first + 1,
            "page": trace.cell.page,
            "row_labels": list(trace.row.path),
            "column_heads": trace.head.split("|"),
            "text": trace.cell.text,
        },
        "results": [_plain(one) for one in trace.results],
        "related": [_plain(one) for one in trace.related.values()],
        "members": [
            {
                "member_id": made.id,
                "result_ids": list(made.of),
                "groups": [_group_as_dict(group) for group in made.groups],
            }
            for made in trace.members
        ],
        "disagreements": list(trace.disagreements),
    }
    return json.dumps(whole, indent=1, default=str) + "\n"


def _plain(result: dict[str, Any]) -> dict[str, Any]:
    """A result without NaN, which JSON does not know."""
    return {name: None if isinstance(value, float) and value != value else value for name, value in result.items()}


def _group_as_dict(group: MemberGroup) -> dict[str, Any]:
    return {
        "role": group.role,
        "dataset": group.dataset,
        "subjects": group.subjects,
        "records": group.records,
        "shown": [
            {"usubjid": one.subject, "values": dict(one.values), **_origin_as_dict(one.origin)} for one in group.shown
        ],
    }


def _origin_as_dict(origin: Origin) -> dict[str, Any]:
    made = {
        "how": origin.how,
        "source": origin.source,
        "record": origin.row + 1,
        "key": dict(origin.key),
        "file": origin.file,
        "origins": [_origin_as_dict(one) for one in origin.origins],
        "more": origin.more,
    }
    return {name: value for name, value in made.items() if value or name in ("source", "record", "key")}
