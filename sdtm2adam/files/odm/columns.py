"""Records with any items, collected into columns."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

_PIECE = 1 << 14


class Columns:
    """Columns that come up as records do; a record that lacks an item has it missing."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str | None]] = []
        self.seen: dict[str, None] = {}
        self.pieces: list[tuple[int, dict[str, pa.Array]]] = []

    @property
    def names(self) -> list[str]:
        """The columns in the order in which they came up."""
        return list(self.seen)

    def add(self, values: dict[str, str | None]) -> None:
        """One record."""
        if values.keys() - self.seen.keys():
            self.seen.update(dict.fromkeys(values))
        self.rows.append(values)
        if len(self.rows) == _PIECE:
            self._pack()

    def expect(self, names: list[str]) -> None:
        """Columns that are there even if no record has them; they come first."""
        self.seen = dict.fromkeys([*names, *self.seen])

    def _pack(self) -> None:
        columns = {name: pa.array([row.get(name) for row in self.rows], pa.string()) for name in self.seen}
        self.pieces.append((len(self.rows), columns))
        self.rows = []

    def arrays(self) -> list[pa.ChunkedArray]:
        """All records, one array for each name."""
        self._pack()
        return [
            pa.chunked_array(
                [piece[name] if name in piece else pa.nulls(count, pa.string()) for count, piece in self.pieces],
                pa.string(),
            )
            for name in self.seen
        ]


class Definitions:
    """Which items the metadata define for each group and form."""

    def __init__(self) -> None:
        self.of_groups: dict[str, list[str]] = {}
        self.of_forms: dict[str, list[str]] = {}
        self.with_units: set[str] = set()

    def take(self, kind: str, element: Any) -> None:
        """An ItemGroupDef, FormDef or ItemDef."""
        oid = element.get("OID", "")
        if kind == "ItemGroupDef":
            found = self.of_groups.setdefault(oid, [])
            found += [item.get("ItemOID", "") for item in element.iterchildren("{*}ItemRef")]
        elif kind == "FormDef":
            groups = self.of_forms.setdefault(oid, [])
            groups += [group.get("ItemGroupOID", "") for group in element.iterchildren("{*}ItemGroupRef")]
        elif next(element.iterchildren("{*}MeasurementUnitRef"), None) is not None:
            self.with_units.add(oid)

    def items(self, oid: str) -> list[str]:
        """The columns of a group or form, each item followed by its unit."""
        groups = [oid] if oid in self.of_groups else self.of_forms.get(oid, [])
        found = [item for group in groups for item in self.of_groups.get(group, [])]
        return [name for item in found for name in ([item, f"{item}.unit"] if item in self.with_units else [item])]
