"""Datasets as files: Parquet with lineage always, transport files of those that are delivered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Issue
from sdtm2adam.pipeline.lengths import with_lengths
from sdtm2adam.pipeline.transport import for_transport
from sdtm2adam.spec.library import Specs


def write_dataset(dataset: Dataset, specs: Specs, out: Path, created: datetime) -> list[Issue]:
    """Writes one dataset for itself: Parquet and lineage always, XPT where it is delivered and has records."""
    write_data(dataset, out)
    return write_transport([dataset], specs, out, created)


def write_data(dataset: Dataset, out: Path) -> None:
    """Writes one dataset and its lineage as Parquet."""
    write_parquet(dataset.frame, out / "data" / f"{dataset.name}.parquet")
    write_parquet(dataset.lineage, out / "lineage" / f"{dataset.name}.parquet")
    if dataset.edges is not None:
        write_parquet(dataset.edges, out / "lineage" / f"{dataset.name}.edges.parquet")


def write_transport(datasets: Iterable[Dataset], specs: Specs, out: Path, created: datetime) -> list[Issue]:
    """Writes the XPT files of those that are delivered and have records; what a file has otherwise than the data.

    Raises:
        InputErrors: what the format does not hold.
    """
    delivered = [for_transport(dataset) for dataset in datasets if _is_delivered(dataset, specs)]
    files, issues = with_lengths(dataset for dataset, _ in delivered)
    for dataset in files:
        write_xpt(dataset, out / dataset.stage / f"{dataset.name.lower()}.xpt", created)
    return [*(issue for _, replaced in delivered for issue in replaced), *issues]


def _is_delivered(dataset: Dataset, specs: Specs) -> bool:
    spec = specs.datasets.get(dataset.name) or specs.datasets.get(dataset.name.removeprefix("SUPP"))
    return (spec is None or spec.output) and dataset.frame.num_rows > 0
