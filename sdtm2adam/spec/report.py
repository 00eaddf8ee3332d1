"""report.yaml: what the displays of one report share (sets, groupings, columns, formats, footnotes, layouts)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.spec.closed import Closed, read
from sdtm2adam.spec.conditions import comparisons, parse
from sdtm2adam.spec.method_settings import MethodSettings
from sdtm2adam.spec.patterns import parse_format
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.yaml import Text, load

NAMED = re.compile(r"\{(\w+)\}")
"""A setting that a footnote or a label names."""

ALL = "ALL"
"""The level that does not restrict its grouping."""


class ReportStudy(Closed):
    """What the page header says of the study."""

    id: Text
    name: Text
    report: Text
    cutoff: Text
    synthetic: bool = False
    sponsor: Text = Text("")
    status: Literal["DRAFT", "FINAL"] = "DRAFT"
    run_time: Text | None = None


class AnalysisSet(Closed):
    """A population: its label is a title line, its condition is on ADSL."""

    label: Text
    where: Text


class Grouping(Closed):
    """A factor that makes columns or rows.

    `levels` gives each level's id, its value and its label. Values that are numbers are those of the numeric companion
    of `var` (`TRT01P` has `TRT01PN`), or of `code` if that is given; an empty value takes those who have none. `ref`
    is the level that comparisons are made with. A data-driven grouping takes its levels from the data.
    """

    var: Text
    code: Text | None = None
    ref: Text | None = None
    levels: dict[str, tuple[Text, Text]] = Field(default_factory=dict)
    all: Text = Text("All Subjects")
    data_driven: bool = False
    label: Text | None = None
    missing: Text = Text("Uncoded")

    @property
    def dataset(self) -> str:
        """The dataset of the variable."""
        return self.var.split(".")[0]

    @property
    def variable(self) -> str:
        """The variable that is reported."""
        return self.var.split(".")[-1]

    @property
    def coded(self) -> str:
        """The variable that holds the values of the levels."""
        if self.code:
            return self.code.split(".")[-1]
        numbers = bool(self.levels) and all(_is_number(value) for value, _ in self.levels.values())
        return self.variable if not numbers or self.variable.endswith("N") else f"{self.variable}N"

    @property
    def labels(self) -> dict[str, str]:
        """What each level is called, on one line; `|` is a line break in heads alone."""
        return {level: " ".join(label.replace("|", " ").split()) for level, (_, label) in self.levels.items()}

    def label_of(self, level: str) -> str:
        """What a level is called, on one line."""
        return " ".join(self.head_of(level).replace("|", " ").split())

    def head_of(self, level: str) -> str:
        """What a level is called in a head, where `|` begins a new line."""
        return str(self.all if level == ALL else self.levels[level][1])


class Nest(Closed):
    """One storey of column heads: levels of a grouping, and what the head says."""

    by: Text
    take: tuple[Text, ...] | None = None
    head: Text = Text("{label}")


class ColumnSet(Closed):
    """Columns from the outer head to the inner one; widths in characters."""

    stub: int
    width: int
    nest: tuple[Nest, ...] = Field(min_length=1)


class Layout(Closed):
    """Paper and grid: `chars` on a line, `lines` on a page, size of a character and a line in twips."""

    paper: Text
    font: Text
    size: int
    chars: int
    lines: int
    char: int
    line: int


class Params(MethodSettings):
    """Settings of the statistics; each is stored with the results it made."""

    rounding: Literal["half_away"] = "half_away"
    conf: tuple[float, ...] = (0.95, 0.975)
    sides: int = Field(default=1, ge=1, le=1)
    strata: tuple[Text, ...] = ()
    min_arm: int = 5
    min_events: int = 10
    fisher_below: float = 5
    days_per_month: float = 30.4375
    day_one: Text = Text("ADSL.RANDDT")
    dictionary: Text = Text("")
    grading: Text = Text("")


class Report(Closed):
    """One report.yaml."""

    study: ReportStudy
    sets: dict[str, AnalysisSet]
    groupings: dict[str, Grouping]
    column_sets: dict[str, ColumnSet] = Field(default_factory=dict)
    formats: dict[str, Text] = Field(default_factory=dict)
    blocks: dict[str, tuple[tuple[Text, Text], ...]] = Field(default_factory=dict)
    decodes: dict[str, dict[str, Text]] = Field(default_factory=dict)
    footnotes: dict[str, Text] = Field(default_factory=dict)
    params: Params = Params()
    kinds: tuple[Text, ...] = ()
    layouts: dict[str, Layout]

    def take(self, nest: Nest) -> tuple[str, ...]:
        """The levels of one storey of heads."""
        return tuple(nest.take) if nest.take is not None else tuple(self.groupings[nest.by].levels)

    def width(self, layout: str) -> int:
        """Characters on a line."""
        return self.layouts[layout].chars


def load_report(path: Path, naming: Naming | None = None) -> Report:
    """The report file, checked whole.

    Args:
        path: the file.
        naming: the settings of the study, put in the place of their names.

    Raises:
        SpecErrors: all faults, each with file and line.
    """
    report = read(Report, (naming or Naming({})).replaced(load(path)), "report", path.name)
    errors = [*_groupings(report), *_columns(report), *_texts(report), *_sets(report)]
    if errors:
        raise SpecErrors(errors)
    return report


def _groupings(report: Report) -> list[SpecError]:
    errors: list[SpecError] = []
    for name, grouping in report.groupings.items():
        if "." not in grouping.var:
            errors.append(
                _error(f"{name}: {str(grouping.var)!r} names no dataset", grouping.var, "write DATASET.VARIABLE")
            )
        if grouping.ref is not None and grouping.ref not in grouping.levels:
            errors.append(_unknown(f"{name}: level", grouping.ref, grouping.levels))
        if not grouping.levels and not grouping.data_driven:
            errors.append(_error(f"{name} has no levels", grouping.var, "list levels, or say data_driven: true"))
        errors += _levels(name, grouping)
    return errors


def _levels(name: str, grouping: Grouping) -> Iterator[SpecError]:
    """Levels without a label of their own, and levels that take the same value."""
    called: set[str] = set()
    taken: set[str] = set()
    for said, (level, (value, label)) in zip(grouping.labels.values(), grouping.levels.items(), strict=True):
        if not said:
            yield _error(f"{name}: the level {level} has no label", value, "write LEVEL: [VALUE, LABEL]")
        elif said in called:
            yield _error(f"{name}: two levels are called {said!r}", label, "give each level a label of its own")
        if str(value) in taken:
            yield _error(
                f"{name}: two levels take the value {str(value)!r}", value, "give each level a value of its own"
            )
        called.add(said)
        taken.add(str(value))


def _columns(report: Report) -> list[SpecError]:
    errors = []
    for columns in report.column_sets.values():
        for nest in columns.nest:
            if nest.by not in report.groupings:
                errors.append(_unknown("grouping", nest.by, report.groupings))
                continue
            if report.groupings[nest.by].dataset != "ADSL":
                errors.append(_error(f"{nest.by} groups no subjects", nest.by, "columns take groupings of ADSL"))
            known = (*report.groupings[nest.by].levels, ALL)
            errors += [_unknown("level", level, known) for level in nest.take or () if level not in known]
    return errors


def _texts(report: Report) -> list[SpecError]:
    texts = [*report.formats.values(), *(line[1] for block in report.blocks.values() for line in block)]
    errors = []
    for text in texts:
        try:
            parse_format(text, text.where)
        except SpecError as error:
            errors.append(error)
    errors += [
        _unknown("setting in a footnote", Text(name, note.where), Params.model_fields)
        for note in report.footnotes.values()
        for name in NAMED.findall(note)
        if name not in Params.model_fields
    ]
    return errors


def _sets(report: Report) -> list[SpecError]:
    """Analysis sets: conditions on ADSL alone."""
    errors = []
    for chosen in report.sets.values():
        try:
            named = {part.dataset for part in comparisons(parse(chosen.where, chosen.where.where))}
        except SpecError as error:
            errors.append(error)
            continue
        if named != {"ADSL"}:
            errors.append(_error("an analysis set is not chosen from ADSL", chosen.where, "write ADSL.VARIABLE"))
    return errors


def _error(what: str, text: Text, mend: str) -> SpecError:
    return SpecError(what, where=text.where, mend=mend)


def _unknown(kind: str, name: Text, known: object) -> SpecError:
    return SpecError(f"unknown {kind} {str(name)!r}", where=name.where, mend=nearest(name, known))  # type: ignore[arg-type]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()
