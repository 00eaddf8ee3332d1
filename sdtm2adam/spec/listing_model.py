"""The words of a listing: columns of cells, one row per record, in one or more sections."""

from __future__ import annotations

from pydantic import Field

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.display_model import DisplayText, PageBy, Source
from sdtm2adam.spec.yaml import Text


class ListingColumn(Closed):
    """One column: its head, what its cells say, its width.

    Leading columns with `group` are left out where they repeat the row above, and stand in every panel of columns.
    `name` is what the sections call it by.
    """

    label: Text
    value: Text
    width: int
    group: bool = False
    name: Text | None = None


class ListingSection(Closed):
    """Records that start a page of their own under a title; `values` replaces the cells of some columns."""

    title: Text
    data: Source | None = None
    sort: tuple[Text, ...] | None = None
    values: dict[str, Text] = Field(default_factory=dict)


class ListingText(DisplayText):
    """A listing. Days are counted from `day_one`, by default that of the report.

    With `panels` its columns are more than a page is wide, and are cut into panels.
    """

    columns: tuple[ListingColumn, ...] = Field(min_length=1)
    page_by: tuple[PageBy, ...] = Field(default=(), max_length=1)
    sort: tuple[Text, ...] = ()
    sections: tuple[ListingSection, ...] = ()
    day_one: Text | None = None
    panels: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets of all sections and what is joined to them."""
        sources = [section.data or self.data for section in self.sections] or [self.data]
        return tuple(dict.fromkeys(name for data in sources for name in (str(data.dataset), *data.join)))

    def cells(self, section: ListingSection | None) -> tuple[Text, ...]:
        """What the cells of a section say, column by column."""
        values = section.values if section is not None else {}
        return tuple(values.get(str(column.name), column.value) for column in self.columns)

    @property
    def leading(self) -> int:
        """How many columns on the left are grouped."""
        return next((place for place, column in enumerate(self.columns) if not column.group), len(self.columns))
