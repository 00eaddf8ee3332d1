"""The suite of results: what every statistic of a report must be, whatever the outputs are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.report import Report as ReportSpec
from sdtm2adam.validate.expectation import Expectation, Suite, expectation_of
from sdtm2adam.validate.records import Records
from sdtm2adam.validate.run import Report, report_of

RESULTS, MEMBERS = "ARD", "ARDMEM"
"""What the two datasets of results are called."""

STATUSES = ("OK", "NE", "NC")
COUNTS = ("n", "n.events", "n.event", "n.censor", "n.risk", "at.risk")
"""Statistics that count subjects, records or events."""

TEXTS = ("value", "name", "min.censored", "max.censored")
"""Statistics that are texts and may be empty."""

_NOT_NEGATIVE = (*COUNTS, "sd", "geo.cv", "exposure")
_SHARES = ("M_CP", "M_KM", "M_KMT", "M_ECDF")
"""Methods that estimate a share of the subjects, in percent."""

_ORDERS = (
    ("limits", ("conf.low", "estimate", "conf.high"), "Limits enclose their estimate."),
    ("quartiles", ("min", "p25", "median", "p75", "max"), "Minimum, quartiles and maximum stand in their order."),
    ("mean", ("min", "mean", "max"), "A mean lies between minimum and maximum."),
)
_GRIDS = ("M_SHIFT",)
_SUMMED = ("M_CNT.n", "M_CNT.events", "M_EAIR.n", "M_EAIR.years", "M_SHIFT.n", "M_AGREE.n")
_ALWAYS = ("study_id", "output_id", "analysis_id", "set_id", "method_id", "op_id", "stat_name", "status", "result_id")


def check_results(
    statistics: pa.Table, members: pa.Table, datasets: Mapping[str, Dataset], report: ReportSpec | None = None
) -> Report:
    """Puts the suite of results to the results of a report.

    Args:
        statistics: one row for each statistic (`results/ard_all.parquet`).
        members: the members of each (`results/ard_member.parquet`).
        datasets: the analysis datasets, by name; without them members and sizes of populations are not applicable.
        report: report.yaml, for the analysis sets and groupings; without it their sizes and sums are not judged.
    """
    own = {one.name: one for one in results_as_datasets(statistics, members)}
    analysed = {name: dataset for name, dataset in datasets.items() if dataset.stage.lower() == "adam"}
    records = {name: Records(dataset) for name, dataset in (analysed | own).items()}
    suites = {suite.name: suite for suite in results_suites(report, datasets=analysed)}
    return report_of({name: tuple(suites[name]) for name in own}, records)


def results_as_datasets(statistics: pa.Table, members: pa.Table) -> tuple[Dataset, Dataset]:
    """The two tables as datasets that expectations can be put to; records are named by output, statistic and id."""
    return (
        _dataset(RESULTS, "Analysis Results Data", ("output_id", "op_id", "result_id"), statistics),
        _dataset(MEMBERS, "Members of Analysis Results", tuple(members.column_names), members),
    )


def _dataset(name: str, label: str, keys: tuple[str, ...], frame: pa.Table) -> Dataset:
    variables = tuple(
        Variable(field.name, field.name, "float" if pa.types.is_floating(field.type) else "text")
        for field in frame.schema
    )
    lineage = pa.table({"row": pa.array([], pa.int64())})
    return Dataset(name, label, "results", "", "", keys, variables, frame, lineage, per_subject=False)


def results_suites(report: ReportSpec | None = None, *, datasets: Mapping[str, Dataset]) -> tuple[Suite, Suite]:
    """What is expected of the statistics, and of their members.

    Args:
        report: report.yaml of the study.
        datasets: the analysis datasets that are there.
    """
    made = [*_each(), *_together(), *_references(), *_sizes(report, datasets)]
    member = [
        _of_members("key-unique", ("member_id", "dataset", "usubjid", "keyseq", "paramcd", "role"),
                    "A member stands once in its set."),
        _of_members("found-in", ("member_id",), "A set of members belongs to a result.", other=RESULTS),
    ]  # fmt: skip
    if datasets:
        member.append(_of_members("result-record", ("dataset", "usubjid", "keyseq", "paramcd"),
                                  "A member is a record of its analysis dataset."))  # fmt: skip
    return Suite(RESULTS, tuple(made)), Suite(MEMBERS, tuple(member))


def _of(kind: str, variables: tuple[str, ...], text: str, **more: Any) -> Expectation:
    return expectation_of(RESULTS, kind, variables, text, **more)


def _of_members(kind: str, variables: tuple[str, ...], text: str, **more: Any) -> Expectation:
    return expectation_of(MEMBERS, kind, variables, text, **more)


def _of_statistics(names: tuple[str, ...], kind: str, text: str, **more: Any) -> Expectation:
    """An expectation of the values of some statistics alone."""
    return replace(
        _of(kind, ("stat",), text, where=(("stat_name", names),), **more),
        id=f"{RESULTS}.{kind}.{'+'.join(names) if len(names) < len(COUNTS) else 'counts'}",
    )


def _each() -> Iterator[Expectation]:
    """What is expected of one statistic alone."""
    yield _of("key-unique", ("result_id",), "A result has an id of its own.")
    for name in _ALWAYS:
        yield _of("required-null", (name,), f"Each result has a value of {name}.")
    yield _of("result-status", ("status",), f"status is one of {', '.join(STATUSES)}.", terms=STATUSES)
    yield _of("result-value", ("stat",), "A result that is OK has a value; one that is NE or NC has none and a reason.",
              texts=TEXTS)  # fmt: skip
    yield _of("finite", ("stat", "n_subj", "n_rec"), "Numbers are finite.")
    yield _of_statistics(COUNTS, "whole-number", "A count is a whole number.")
    yield _of_statistics(_NOT_NEGATIVE, "range", "Counts, deviations and times are not negative.", low=0, high=None)
    yield _of_statistics(("pct",), "range", "A percentage lies between 0 and 100.", low=0, high=100)
    yield _of_statistics(("p.value",), "range", "A p-value lies between 0 and 1.", low=0, high=1)
    for method in _SHARES:
        yield _of("range", ("stat",), f"What {method} estimates, and its limits, lie between 0 and 100 %.",
                  id_of=f"stat.{method}", low=0, high=100,
                  where=(("method_id", (method,)), ("stat_name", ("estimate", "conf.low", "conf.high"))))  # fmt: skip
    for name in ("n_subj", "n_rec"):
        yield _of("whole-number", (name,), f"{name} is a whole number.")
        yield _of("range", (name,), f"{name} is not negative.", low=0, high=None)
    yield _of("result-not-more", ("n_subj", "n_rec"), "There are not more subjects than records.")


def _together() -> Iterator[Expectation]:
    """What is expected of the statistics of one cell, and of counts and their totals."""
    for name, order, text in _ORDERS:
        yield _of("result-order", ("stat",), text, id_of=name, order=order)
    yield _of("result-proportion", ("stat", "n_subj"), "The limits of a proportion enclose it.",
              where=(("method_id", ("M_CP",)), ("stat_name", ("conf.low", "conf.high"))))  # fmt: skip
    yield _of("result-percent", ("stat", "num_id", "den_id"), "A percentage is 100 x numerator / denominator.",
              where=(("stat_name", ("pct",)), ("status", ("OK",))))  # fmt: skip
    yield _of("result-part", ("stat", "den_id"), "A count is not greater than its denominator.",
              where=(("stat_name", ("n",)),))  # fmt: skip


def _references() -> Iterator[Expectation]:
    """What is expected of the results that a result names, and of its members."""
    for name in ("num_id", "den_id"):
        yield _of("found-in", (name,), f"{name} names a result.", other=RESULTS, names=("result_id",))
    for name, of in (("n_subj", "subjects"), ("n_rec", "records")):
        yield _of("result-members", (name,), f"{name} is the number of {of} of the members.", of=of)
    yield _of("result-count", ("stat", "n_subj"), "A count of subjects is the number of subjects of its members.",
              where=(("op_id", ("M_CNT.n",)),))  # fmt: skip


def _sizes(report: ReportSpec | None, datasets: Mapping[str, Dataset]) -> Iterator[Expectation]:
    """What is expected of totals: the N of a column, and counts over all levels of a grouping."""
    if report is None:
        return
    groupings = {name: one for name, one in report.groupings.items() if one.levels and one.dataset == "ADSL"}
    partitions = tuple((name, len(one.levels)) for name, one in groupings.items())
    yield _of("result-sum", ("stat",), "A count over all levels of a grouping is the sum of those of its levels.",
              partitions=partitions, grids=_GRIDS, where=(("op_id", _SUMMED),))  # fmt: skip
    if "ADSL" not in datasets:
        return
    sets = tuple((name, str(one.where)) for name, one in report.sets.items())
    levels = tuple(
        (name, (one.coded, tuple((one.label_of(level), str(value)) for level, (value, _) in one.levels.items())))
        for name, one in groupings.items()
    )
    yield _of("result-population", ("stat",), "The N of a column is its number of subjects in ADSL.",
              sets=sets, levels=levels)  # fmt: skip
