"""Functions of one column that are worked out once for a table, and not by each check again.

`low`, `high` and `date_of` read a text letter by letter, of the same columns in dozens of checks. Where a SELECT calls
one of a column as it stands, the call becomes the name of a column that the store adds to the table.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlglot import exp

ONCE = ("low", "high", "date_of")
"""The functions whose answers a table keeps."""
_OF_DAYS = ("study_day", "days_between")


@dataclass(frozen=True)
class Kept:
    """One function of one column: `alias` names the table, `name` the column as written, wild cards and all."""

    alias: str
    name: str
    function: str


def take_out(tree: exp.Select, aliases: Sequence[str], wild: Sequence[str], made: Collection[str]) -> tuple[Kept, ...]:
    """Puts `@Kn@` for each call that a table can keep; what these stand for.

    Args:
        tree: a checked SELECT, its names with wild cards standing as `@Nn@`; it is changed.
        aliases: of its datasets.
        wild: the names with wild cards.
        made: names that the SELECT gives itself.
    """
    kept: dict[Kept, int] = {}
    elsewhere = _elsewhere(tree)
    for call in list(tree.find_all(exp.Anonymous)):
        function = str(call.this).lower()
        if function in ONCE and len(call.expressions) != 1:
            continue
        for column in call.expressions:
            asked = function if function in ONCE else "date_of" if function in _OF_DAYS else ""
            if not asked or type(column) is not exp.Column or _is_grouped(column):
                continue
            alias = column.table or (aliases[0] if len(aliases) == 1 else "")
            name = wild[int(column.name[2:-1])] if column.name.startswith("@N") else column.name
            if alias not in aliases or alias.lower() in elsewhere or (not column.table and (name in made or elsewhere)):
                continue
            number = kept.setdefault(Kept(alias, name, asked), len(kept))
            holder = exp.column(f"@K{number}@", quoted=True)
            (call if function in ONCE else column).replace(holder)
    return tuple(kept)


def _elsewhere(tree: exp.Select) -> set[str]:
    """The aliases of subqueries and of what WITH makes, which may be those of datasets again."""
    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    made = [*tree.find_all(exp.Subquery), *(one for one in tree.find_all(exp.Table) if one.name.lower() in ctes)]
    return ctes | {str(one.alias_or_name).lower() for one in made if one.alias_or_name}


def _is_grouped(column: exp.Column) -> bool:
    """Whether only the columns of a group may be read where it stands."""
    select = column.find_ancestor(exp.Select)
    if select is None or not (select.args.get("group") or select.args.get("having")):
        return False
    inside = column.find_ancestor(exp.AggFunc, exp.Window, exp.Select)
    return not isinstance(inside, exp.AggFunc) or isinstance(inside.parent, exp.Window)
