"""The records behind each result: equal sets are stored once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sdtm2adam.model import MEMBER_COLUMNS
from sdtm2adam.tlf.identity import ID_LENGTH
from sdtm2adam.tlf.records import Records

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Part:
    """Some records of a dataset in one role: NUM, DEN, VALUE, EVENT or CENSOR. Positions ascend."""

    records: Records
    positions: Positions
    role: str


@dataclass(frozen=True, slots=True)
class MemberSet:
    """A stored set: its id, how many subjects and records it holds."""

    id: str = ""
    subjects: int = 0
    records: int = 0


NO_MEMBERS = MemberSet()


@dataclass
class Members:
    """The member sets of one output."""

    stored: dict[str, tuple[MemberSet, tuple[Part, ...]]] = field(default_factory=dict)
    single: list[tuple[npt.NDArray[np.object_], Part]] = field(default_factory=list)
    _keys: dict[int, tuple[Records, npt.NDArray[np.object_]]] = field(default_factory=dict)

    def put(self, *parts: Part) -> MemberSet:
        """Store a set; its id is a hash of the sorted keys of its members."""
        ordered = parts if len(parts) == 1 else sorted(parts, key=_order)
        text = "\n".join([line for part in ordered for line in self._lines(part)])
        name = hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]
        if name not in self.stored:
            members = MemberSet(name, _subjects(parts), sum(part.positions.size for part in parts))
            self.stored[name] = (members, parts)
        return self.stored[name][0]

    def put_each(self, parts: list[Part], rows: int) -> npt.NDArray[np.object_]:
        """Store many small sets at once: set i has the i-th position of each part, if that is not -1.

        The ids are those `put` would give.
        """
        texts = np.full(rows, "", dtype=object)
        for part in sorted(parts, key=_order):
            has = part.positions >= 0
            line = f"{part.role}\t{part.records.dataset}\n" + self._keys_of(part.records)[part.positions[has]]
            texts[has] = np.where(texts[has] == "", line, texts[has] + "\n" + line)
        names = np.array([hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH] for text in texts], dtype=object)
        for part in parts:
            has = part.positions >= 0
            self.single.append((names[has], Part(part.records, part.positions[has], part.role)))
        return names

    def _keys_of(self, records: Records) -> npt.NDArray[np.object_]:
        if id(records) not in self._keys:
            self._keys[id(records)] = (records, records.keys())
        return self._keys[id(records)][1]

    def _lines(self, part: Part) -> list[str]:
        return [f"{part.role}\t{part.records.dataset}", *self._keys_of(part.records)[part.positions].tolist()]

    def frame(self) -> Any:
        """All sets as one frame, one row per member."""
        many = [(name, part) for name, (_, parts) in self.stored.items() for part in parts if part.positions.size]
        names = [np.array([name for name, _ in many], dtype=object), *(single for single, _ in self.single)]
        owners = [np.repeat(np.arange(len(many)), [part.positions.size for _, part in many])]
        owners += [np.arange(_size(names[1:])) + len(many)]
        parts = [*(part for _, part in many), *(part for _, part in self.single)]
        sources = list({id(part.records): part.records for part in parts}.values())
        starts = dict(zip(map(id, sources), np.cumsum([0, *(len(source) for source in sources)]), strict=False))
        places = _joined([part.positions + starts[id(part.records)] for part in parts], np.dtype(np.intp))
        sizes = [part.positions.size for part in parts]
        values = (
            _taken(names, np.concatenate(owners)),
            _taken([np.full(len(source), source.dataset, dtype=object) for source in sources], places),
            _taken([source.usubjid() for source in sources], places),
            _taken([source.sequence for source in sources], places),
            _taken([source.paramcd() for source in sources], places),
            _taken([np.array([part.role for part in parts], dtype=object)], np.repeat(np.arange(len(parts)), sizes)),
        )
        frame = pd.DataFrame(
            {name: pd.array(column, dtype="str") for name, column in zip(MEMBER_COLUMNS, values, strict=True)}
        )
        return frame.drop_duplicates(ignore_index=True) if self.single else frame


def _subjects(parts: tuple[Part, ...]) -> int:
    """How many subjects a set has; records stand in the order of their subjects."""
    subjects = [part.records.subject[part.positions] for part in parts if part.positions.size]
    if len(subjects) == 1:
        return 1 + int(np.count_nonzero(np.diff(subjects[0])))
    return int(np.unique(np.concatenate(subjects)).size) if subjects else 0


def _size(pieces: list[Any]) -> int:
    return sum(piece.size for piece in pieces)


def _joined(pieces: list[Any], kind: Any) -> Any:
    return np.concatenate([np.zeros(0, dtype=kind), *pieces])


def _taken(pieces: list[Any], places: Any) -> Any:
    return pa.array(_joined(pieces, np.dtype(object)), pa.large_string()).take(pa.array(places))


def _order(part: Part) -> tuple[str, str]:
    return part.role, part.records.dataset
