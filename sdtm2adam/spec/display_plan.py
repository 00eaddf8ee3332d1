"""A display spec as it is worked with: rows with their analyses, columns with their paths, all names resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sdtm2adam.spec.conditions import Condition
from sdtm2adam.spec.display_model import By, DisplayText, SortKey, Source
from sdtm2adam.spec.patterns import Format, fields
from sdtm2adam.spec.report import ALL, Nest, Report


@dataclass(frozen=True, slots=True)
class RowLevel:
    """One level of a factor that makes rows; `missing` marks the row of subjects without a known level."""

    label: str
    values: tuple[str, ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """What makes one row per level: the levels of a variable, listed in the spec or found in the data.

    `name` is the grouping's id or `DATASET.VARIABLE`. `label` and `example` name data-driven levels in the shell.
    """

    name: str
    dataset: str
    variable: str
    levels: tuple[RowLevel, ...] = ()
    data_driven: bool = False
    label: str = ""
    missing: str = "Missing"
    missing_in_shell: bool = False
    example: tuple[str, ...] = ()
    sort: tuple[tuple[str, ...], ...] = ()

    def shell_labels(self) -> tuple[str, ...]:
        """Labels of the rows while there are no data."""
        if self.data_driven:
            return self.example or (f"<{self.label or self.variable} 1>",)
        return tuple(level.label for level in self.levels if not level.missing or self.missing_in_shell)


@dataclass(frozen=True, slots=True)
class WorstLevel:
    """Subjects whose largest value of a variable is `level`, among those of a row; None: who have no value at all.

    `levels` are all that the table lists.
    """

    dataset: str
    variable: str
    level: float | None
    levels: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RowSource:
    """A dataset, which of its records count, and where its times are: what a display says of its data, or a row."""

    text: Source
    condition: Condition | None = None

    @property
    def dataset(self) -> str:
        """The name of the dataset."""
        return str(self.text.dataset)


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """One row of a table, or one row per level of its factor.

    `analysis` is empty in a row that is only a label. `condition` joins those of the rows above with its own; `factors`
    are those of the rows above and its own, outermost first; data-driven levels are those of the records that meet
    `listed`. `place` is `column`, `span`, or a level of the
    outer columns. `glued` is the second line of the same estimate. `source` and `population` are those of the row
    where they are not those of the output. `before` is the variable of the earlier values of a paired summary.
    `timed` rows are of a kind that compares times. Columns without a level of `only`, where there is any, have an empty
    cell. An `optional` row is printed only where somebody is in it.
    """

    label: str
    analysis: str = ""
    method: str = ""
    format: Format = ()
    dataset: str = ""
    variable: str = ""
    condition: Condition | None = None
    factors: tuple[Factor, ...] = ()
    each: Factor | None = None
    listed: Condition | None = None
    base: str = ""
    source: RowSource | None = None
    population: str = ""
    before: str = ""
    place: str = "column"
    conf: float = 0.95
    quantile: str = ""
    times: tuple[float, ...] = ()
    stratified: bool = False
    interaction: By | None = None
    timed: bool = False
    worst: WorstLevel | None = None
    only: tuple[str, ...] = ()
    optional: bool = False
    rows: tuple[DisplayRow, ...] = ()
    glued: DisplayRow | None = None
    gap: bool = False
    indent: int = 0
    unit: bool = False
    break_before: str = ""
    continued: bool = False
    where: str = ""

    @property
    def own_lines(self) -> tuple[DisplayRow, ...]:
        """The row and the second line of its estimate."""
        return (self,) if self.glued is None else (self, self.glued)

    @property
    def counts_events(self) -> bool:
        """Whether the row counts records and not subjects."""
        names = {part.name for part in fields(self.format)}
        return "events" in names and "n" not in names

    def applies(self, leaf: Leaf) -> bool:
        """Whether the row has a number in a column."""
        return not self.only or not set(self.only).isdisjoint(leaf.levels)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf column: the level of each grouping, outermost first."""

    groupings: tuple[str, ...]
    levels: tuple[str, ...]

    @property
    def outer(self) -> tuple[str, ...]:
        """The levels of the heads over the arms."""
        return self.levels[:-1]

    @property
    def arm(self) -> str:
        """The innermost level."""
        return self.levels[-1]


@dataclass(frozen=True, slots=True)
class BoxValue:
    """A number read from another output: its row and statistic; without a row it is the column N."""

    row: DisplayRow | None
    statistic: str


@dataclass(frozen=True, slots=True)
class DisplaySpec:
    """One output, checked, with every name resolved.

    `text` is the spec as written; `condition` picks the records of its dataset; `hash` is that of spec and report.
    `page` is the grouping whose levels have pages of their own; it is the outermost of each leaf. `notes` are the
    analyses behind numbers in footnotes. `box` gives, for each panel of a figure, where the numbers in its box come
    from. `reads` are the outputs whose results it prints. `made_by` is the kind of output that planned it.
    `parts` are analysed one by one, each with its own subjects and records; `part` is the number of such a part.
    """

    text: DisplayText
    rows: tuple[DisplayRow, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    condition: Condition | None = None
    hash: str = ""
    page: str = ""
    box: dict[str, dict[str, BoxValue]] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    notes: tuple[DisplayRow, ...] = ()
    parts: tuple[DisplaySpec, ...] = ()
    part: str = ""
    made_by: Any = None

    def source_of(self, row: DisplayRow) -> RowSource:
        """The records a row reads: its own, else those of the output."""
        return row.source or RowSource(self.text.data, self.condition)

    @property
    def id(self) -> str:
        """The output's id, such as `T14_2_1`."""
        return str(self.text.id)

    @property
    def kind(self) -> str:
        """The kind of output."""
        return str(self.text.kind)


def all_rows(rows: tuple[DisplayRow, ...]) -> list[DisplayRow]:
    """All rows of a tree with their second lines, in the order they are printed."""
    found: list[DisplayRow] = []
    for row in rows:
        found += [*row.own_lines, *all_rows(row.rows)]
    return found


def leaves(report: Report, nests: tuple[Nest, ...]) -> tuple[Leaf, ...]:
    """The leaf columns of a column set, from left to right."""
    paths: list[tuple[str, ...]] = [()]
    for nest in nests:
        paths = [(*path, level) for path in paths for level in report.take(nest)]
    return tuple(Leaf(tuple(str(nest.by) for nest in nests), path) for path in paths)


def spans(columns: tuple[Leaf, ...]) -> dict[tuple[str, ...], tuple[Leaf, ...]]:
    """The leaf columns under each outer head, from left to right."""
    found: dict[tuple[str, ...], tuple[Leaf, ...]] = {}
    for leaf in columns:
        found[leaf.outer] = (*found.get(leaf.outer, ()), leaf)
    return found


def place_of(columns: tuple[Leaf, ...], place: str) -> list[tuple[str, ...]]:
    """The outer heads a comparison is printed under.

    >>> cs = (Leaf(("G", "T"), ("A", "X")), Leaf(("G", "T"), ("ALL", "X")))
    >>> place_of(cs, "span"), place_of(cs, "ALL")
    ([('A',), ('ALL',)], [('ALL',)])
    """
    heads = list(spans(columns))
    return heads if place == "span" else [head for head in heads if place in head or (place == ALL and not head)]


def compared_with(leaf: Leaf, columns: tuple[Leaf, ...], ref: str | None) -> tuple[Leaf, Leaf] | None:
    """A column and the one it is compared with: that of the reference under the same head; None where there is none.

    >>> low, pbo, total = (Leaf(("T",), (arm,)) for arm in ("LOW", "PBO", "ALL"))
    >>> compared_with(low, (low, pbo, total), "PBO") == (low, pbo)
    True
    >>> compared_with(pbo, (low, pbo, total), "PBO"), compared_with(total, (low, pbo, total), "PBO")
    (None, None)
    """
    controls = [other for other in columns if other.outer == leaf.outer and other.arm == ref]
    return (leaf, controls[0]) if controls and leaf.arm not in (ref, ALL) else None


def sort_keys(sort: tuple[SortKey | str, ...]) -> tuple[tuple[str, ...], ...]:
    """The columns that rows are sorted by, most important first; the alphabet always decides last."""
    return tuple(tuple(key.desc) for key in sort if isinstance(key, SortKey))
