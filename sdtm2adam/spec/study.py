"""study.yaml: what several specs share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.dataset import Source, Table, YesNo
from sdtm2adam.spec.producer import Texts
from sdtm2adam.spec.reading import ReadOptions, check_names, check_reading
from sdtm2adam.spec.settings import Setting, check_setting_names
from sdtm2adam.spec.yaml import Text


class Standards(Closed):
    """The versions of the standards the study follows; of controlled terminology the dates of its packages."""

    sdtm: Text = Text("SDTMIG 3.4")
    adam: Text = Text("ADaMIG 1.3")
    ct: Text | None = None
    ct_adam: Text | None = None


class Subject(Closed):
    """How a raw record names its subject."""

    column: Text
    usubjid: Text
    siteid: Text | None = None


class Dates(Closed):
    """The forms of raw dates, tried in order; ISO 8601 is always read."""

    formats: Texts = ()
    missing: Texts = ()
    century: int = 1950


class Visits(Closed):
    """The table of visits, and the label of an unscheduled one."""

    table: Text
    unscheduled: Text | None = None


class Reference(Closed):
    """The dates that study days and baselines refer to."""

    day: Text = Text("DM.RFSTDTC")
    exposure: Text = Text("DM.RFXSTDTC")


class Data(Closed):
    """Folders with the data, relative to the study; the only ones that may lie outside it.

    `previous` is the raw folder of the transfer before, which this one is compared with.
    """

    raw: Text | None = None
    sdtm: Text | None = None
    previous: Text | None = None


class Study(Closed):
    """One study.yaml."""

    study: Text
    title: Text | None = None
    synthetic: Text | None = None
    standards: Standards = Standards()
    data: Data = Data()
    subject: Subject | None = None
    dates: Dates = Dates()
    visits: Visits | None = None
    units: Text | None = None
    reference: Reference = Reference()
    housekeeping: Texts = ()
    packages: Texts = ()
    cutoff: Text | None = None
    cutoff_rule: Literal["earliest", "latest"] | None = None
    run_time: Text | None = None
    fail_at: Text = Text("error")
    status: Text = Text("DRAFT")
    inputs: dict[str, Text] = Field(default_factory=dict)
    maps: dict[str, dict[str, Text]] = Field(default_factory=dict)
    tables: dict[str, Table] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(default_factory=dict)
    settings: dict[str, Setting] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _settings_can_be_named(self) -> Study:
        check_setting_names(self.settings)
        return self


class Column(Closed):
    """What the contract of a raw form says of one column."""

    type: Literal["text", "number", "integer", "date", "time", "datetime"] = "text"
    required: YesNo = False
    values: Texts = ()
    max: int | None = None
    pair: Text | None = None


class Contract(Closed):
    """The data contract of one raw form or feed."""

    file: Text
    kind: Literal["form", "transfer"] = "form"
    read: ReadOptions = ReadOptions()
    names: dict[str, Text] = Field(default_factory=dict)
    key: Texts = ()
    subject: Text | None = None
    subjects: Text | None = None
    where: Text | None = None
    cutoff: Texts = ()
    columns: dict[str, Column | None] = Field(default_factory=dict)
    not_submitted: dict[str, Text | None] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_read(self) -> Contract:
        check_reading(str(self.file), self.read)
        check_names(self.names)
        return self
