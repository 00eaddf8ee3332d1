"""The words of a table of a regression: covariates with their levels, columns with their formats."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.display_model import DisplayText, Levels
from sdtm2adam.spec.yaml import Text


class ModelColumn(Closed):
    """A column: its head, width, and the format of its cells; the first one holds the covariates and shows nothing."""

    label: Text
    width: int
    show: Text | None = None


class Covariate(Closed):
    """A variable of ADSL in a model.

    With `levels` (value: label) it is a factor, in that order, against the label `ref`, by default the first. Without,
    it is a number, its ratio `per` so many units; with `changes` a date after which the subject counts as changed.
    """

    label: Text
    var: Text
    levels: Levels | None = None
    ref: Text | None = None
    per: float | None = Field(default=None, gt=0)
    changes: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The levels of a factor; values with the same label share it."""
        return tuple(dict.fromkeys(map(str, (self.levels or {}).values())))

    @property
    def reference(self) -> str:
        """The reference level of a factor."""
        return str(self.ref) if self.ref is not None else next(iter(self.labels), "")

    @property
    def terms(self) -> tuple[str, ...]:
        """The levels that have a ratio; one without name where it is no factor."""
        return tuple(label for label in self.labels if label != self.reference) or ("",)


class RegressionText(DisplayText):
    """A table of the ratios of one model, a line per term."""

    method: Literal["M_COXM"]
    columns: tuple[ModelColumn, ...] = Field(min_length=2)
    covariates: tuple[Covariate, ...] = Field(min_length=1)
    conf: float | None = Field(default=None, gt=0, lt=1)
    strata: bool = False
    counts: tuple[Text, Text, Text] = (
        Text("Subjects in the model"),
        Text("Events"),
        Text("Left out, a covariate is missing"),
    )
