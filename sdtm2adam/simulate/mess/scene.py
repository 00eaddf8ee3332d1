"""Where errors are planted: the clean forms, who was chosen already, and what was changed.

Every kind chooses among the clean records with random streams of its own, and a record is chosen once. All kinds
choose, also those that are switched off: so switching one on moves no other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.forms import FORMS, SUBJECT_COLUMN
from sdtm2adam.simulate.mess.log import Log
from sdtm2adam.simulate.streams import Bools, Floats, Ints, Streams
from sdtm2adam.simulate.text import Text, join
from sdtm2adam.simulate.truth import STUDYID

Forms = dict[str, pa.Table]

FEED_KEYS = {
    "IVRS": ("SUBJ",),
    "CFLOW": ("Accession",),
    "MRD": ("ACCNO",),
    "EAC": ("SUBJ", "CYCLE"),
    "CODING": ("FORM", "RECORDID"),
    "SITES": ("SITEID",),
    "ECG": ("SUBJID", "ECGDTM", "REP"),
    "PK": ("SUBJ", "NOMTIME"),
    "LABRANGES": ("LABID", "TEST", "SEX", "AGELO", "EFFDT"),
    "QUERIES": ("FORM", "RECORDID", "FIELD"),
}
"""What names a record where there is no RECORDID; in the log its values stand with a slash between them."""

ADDED = 500
"""An added record has the RECORDID of the record it was made from, and this more: no form has so many of a subject."""


@dataclass
class Scene:
    """Clean forms with errors to come; `taken` are records that some kind has chosen."""

    forms: Forms
    seed: int
    log: Log = field(default_factory=Log)
    taken: dict[str, Bools] = field(default_factory=dict)
    _edits: dict[tuple[str, str], list[tuple[Ints, Text]]] = field(default_factory=dict)
    _added: dict[str, list[pa.Table]] = field(default_factory=dict)
    _removed: dict[str, list[Ints]] = field(default_factory=dict)
    _kind: str = ""
    _expect: str = "report"
    _on: bool = False

    @classmethod
    def of(cls, forms: Forms, seed: int) -> "Scene":
        """A scene with the records of each form in the order of their keys, whatever order they came in."""
        unordered = cls({name: rows.combine_chunks() for name, rows in forms.items()}, seed)
        return cls(
            {name: rows.take(pc.sort_indices(unordered._sorting(name))) for name, rows in unordered.forms.items()}, seed
        )

    def _sorting(self, form: str) -> Text:
        return pc.utf8_lpad(self.key(form), 20, "0") if FORMS[form].kind == "form" else self.key(form)

    @contextmanager
    def planting(self, kind: str, expect: str, on: bool) -> Iterator[None]:
        """Inside, what is chosen and changed belongs to a kind; nothing is changed if it is off."""
        self._kind, self._expect, self._on = kind, expect, on
        yield
        self._kind, self._on = "", False

    # --- the clean forms ------------------------------------------------------------------------------------------

    def has(self, form: str, *columns: str) -> bool:
        """Whether the export has this form with these columns."""
        return form in self.forms and all(column in self.forms[form].column_names for column in columns)

    def column(self, form: str, name: str) -> Text:
        """A column of a form."""
        return self.forms[form][name].combine_chunks()

    def known(self, form: str, name: str) -> Bools:
        """Where a column holds a value."""
        return np.asarray(pc.is_valid(self.column(form, name)))

    def equals(self, form: str, name: str, value: str) -> Bools:
        """Where a column holds this value."""
        return np.asarray(pc.fill_null(pc.equal(self.column(form, name), value), False))

    def subject(self, form: str) -> Text:
        """SUBJECT of each record of a form or feed."""
        found = self.column(form, SUBJECT_COLUMN.get(form, "SUBJECT"))
        return pc.replace_substring(found, f"{STUDYID}-", "")  # some feeds have the whole USUBJID

    def key(self, form: str) -> Text:
        """What the log calls each record of a form."""
        if "RECORDID" in self.forms[form].column_names and form not in FEED_KEYS:
            return self.column(form, "RECORDID")
        names = FEED_KEYS.get(form) or self.forms[form].column_names[:1]
        columns = [pc.fill_null(self.column(form, name), "") for name in names]
        return pc.binary_join_element_wise(*columns, "/") if len(columns) > 1 else columns[0]

    def rows_of(self, form: str, subjects: Text) -> Ints:
        """The first record of each subject in a form, -1 where there is none."""
        place = pc.index_in(subjects, value_set=self.subject(form))
        return np.asarray(pc.fill_null(place, -1), dtype=np.int64)

    # --- choosing ---------------------------------------------------------------------------------------------------

    def uniform(self, form: str, draws: int, part: str = "") -> Floats:
        """Random numbers of the kind for each record of a form."""
        rows = self.forms[form].num_rows
        return Streams(self.seed, "mess ").uniform(f"{self._kind} {form} {part}", rows, draws)

    def free(self, form: str) -> Bools:
        """Which records no kind has chosen."""
        return ~self.taken.setdefault(form, np.zeros(self.forms[form].num_rows, dtype=bool))

    def take(self, form: str, rows: Ints) -> None:
        """Keeps records for this kind."""
        self.free(form)
        self.taken[form][rows[rows >= 0]] = True

    def choose(
        self, form: str, eligible: Bools, rate: float = 0.0, *, least: int = 1, count: int | None = None, part: str = ""
    ) -> Ints:
        """Chooses a share of the eligible records, at least a few, none that is taken; they are taken then."""
        wanted = max(least, round(rate * int(eligible.sum()))) if count is None else count
        could = eligible & self.free(form)
        u = np.where(could, self.uniform(form, 1, part)[:, 0], 2.0)
        rows = np.sort(np.argsort(u, kind="stable")[: min(wanted, int(could.sum()))])
        self.take(form, rows)
        return rows

    # --- planting ---------------------------------------------------------------------------------------------------

    def change(self, form: str, rows: Ints, column: str, values: Text, expect: str = "", told: bool = True) -> None:
        """Other values in a column of some records; the log has one line for each, unless it is not `told`."""
        if not self._on or not len(rows):
            return
        self._edits.setdefault((form, column), []).append((rows, values))
        if told:
            clean = self.column(form, column).take(pa.array(rows))
            self.tell(form, self._key_then(form, rows, column, values), column, clean, values, expect)

    def _key_then(self, form: str, rows: Ints, column: str, values: Text) -> Text:
        """The keys that records have after the change: a mistyped subject is part of the key of some feeds."""
        if column not in FEED_KEYS.get(form, ()):
            return self.key(form).take(pa.array(rows))
        return Scene({form: self.copy(form, rows, **{column: values})}, self.seed).key(form)

    def add(self, form: str, rows: pa.Table) -> None:
        """More records."""
        if self._on and rows.num_rows:
            self._added.setdefault(form, []).append(rows)

    def remove(self, form: str, rows: Ints) -> None:
        """Records that were never entered."""
        if self._on and len(rows):
            self._removed.setdefault(form, []).append(rows)

    def tell(
        self, form: str, keys: Text, column: Text | str, clean: Text | str, messy: Text | str, expect: str = ""
    ) -> None:
        """Lines of the log."""
        if self._on and len(keys):
            self.log.add(form, keys, column, self._kind, clean, messy, expect or self._expect)

    def copy(self, form: str, rows: Ints, **changed: Text | str) -> pa.Table:
        """Copies of records as a site would save them again, with a RECORDID of their own."""
        made = self.forms[form].take(pa.array(rows))
        if "RECORDID" in made.column_names:
            changed = {"RECORDID": added_id(made["RECORDID"]), **changed}
        for name, values in changed.items():
            column = pa.repeat(values, len(rows)) if isinstance(values, str) else values
            made = made.set_column(made.column_names.index(name), name, column)
        return made

    def code_added(self, form: str, rows: Ints) -> None:
        """The coding feed codes added records as those they were made from."""
        if not self.has("CODING") or not self._on:
            return
        name = join(f"{form}/", self.column(form, "RECORDID").take(pa.array(rows)))
        place = pc.index_in(name, value_set=self.key("CODING"))
        known = np.asarray(pc.fill_null(place, -1), dtype=np.int64)
        self.add("CODING", self.copy("CODING", known[known >= 0]))

    # --- the result -------------------------------------------------------------------------------------------------

    def messy(self) -> Forms:
        """The forms with all that was planted."""
        made = dict(self.forms)
        for (form, column), edits in self._edits.items():
            made[form] = _with_values(made[form], column, edits)
        for form, removed in self._removed.items():
            kept = np.ones(made[form].num_rows, dtype=bool)
            kept[np.concatenate(removed)] = False
            made[form] = made[form].filter(pa.array(kept))
        for form, added in self._added.items():
            made[form] = pa.concat_tables([made[form], *(rows.cast(made[form].schema) for rows in added)])
        return {form: rows.combine_chunks() for form, rows in made.items()}


def added_id(ids: Text) -> Text:
    """The RECORDID of records made from others."""
    return pc.cast(pc.add(pc.cast(ids, pa.int64()), ADDED), pa.string())


def _with_values(rows: pa.Table, column: str, edits: list[tuple[Ints, Text]]) -> pa.Table:
    places = np.arange(rows.num_rows)
    parts, start = [rows[column].combine_chunks()], rows.num_rows
    for where, values in edits:
        places[where] = start + np.arange(len(where))
        parts.append(pa.repeat(values, len(where)) if isinstance(values, str) else values)
        start += len(where)
    made = pa.concat_arrays([part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts])
    return rows.set_column(rows.column_names.index(column), column, made.take(pa.array(places)))
