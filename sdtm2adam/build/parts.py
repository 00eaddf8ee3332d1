"""The data of a study cut by subject, so that a dataset larger than memory is built part by part.

A part has whole subjects, in the order of USUBJID; forms without subjects are in every part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.raw import read_form, usubjid
from sdtm2adam.build.raw_columns import columns_of, subject_column
from sdtm2adam.spec.library import Specs

_BATCH_ROWS = 1 << 17


@dataclass(frozen=True)
class _Source:
    """A form or an SDTM file on the disk, and the subject of each text of its subject column."""

    name: str
    path: Path
    column: str
    subjects: Mapping[str, str]


def cut_forms(
    plan: Plan, specs: Specs, forms: Mapping[str, Path | None], raw_folder: Path | None, folder: Path, subjects: int
) -> list[dict[str, Path]]:
    """The raw forms of each part: form -> a Parquet file of texts under the names of its contract.

    Args:
        plan: gets the issues of reading; its database finds the subjects.
        specs: of the study.
        forms: the forms that are needed, and their files.
        raw_folder: where the files should be, for messages.
        folder: an empty folder for the parts.
        subjects: the most subjects of one part.

    Raises:
        InputErrors: a file is missing or damaged, or lacks a column of its contract.
    """
    sources = [_stage(plan, specs, form, path, raw_folder, folder) for form, path in sorted(forms.items())]
    everyone = sorted({subject for source in sources for subject in source.subjects.values()})
    count = max(1, -(-len(everyone) // subjects))
    part_of = {subject: number // subjects for number, subject in enumerate(everyone)}
    parts: list[dict[str, Path]] = [{} for _ in range(count)]
    for source in sources:
        for number, path in enumerate(_cut(source, part_of, count, folder)):
            parts[number][source.name] = path
    return parts


def _stage(plan: Plan, specs: Specs, form: str, path: Path | None, raw_folder: Path | None, folder: Path) -> _Source:
    """A form read once, checked and laid down with the columns of its contract."""
    contract = specs.contracts[form]
    frame = read_form(plan, specs, form, contract, path, raw_folder).select(columns_of(specs, contract))
    staged = folder / f"{form}.whole.parquet"
    pq.write_table(frame, staged, compression="zstd", row_group_size=_BATCH_ROWS)
    column = subject_column(specs, contract)
    if not column:
        return _Source(form, staged, "", {})
    texts = plan.warehouse.register(pa.table({column: pc.unique(frame[column].drop_null())}))
    rows = plan.warehouse.rows(f'SELECT f."{column}", {usubjid(specs, contract)} FROM {texts} f')
    return _Source(form, staged, column, {text: subject or "" for text, subject in rows})


def _cut(source: _Source, part_of: Mapping[str, int], count: int, folder: Path) -> Iterator[Path]:
    """The file of each part; rows without a subject are in the first."""
    if not source.column or count == 1:
        yield from [source.path] * count
        return
    paths = [folder / f"{source.name}.part{number}.parquet" for number in range(count)]
    texts = pa.array(list(source.subjects), pa.string())
    places = pa.array([part_of.get(subject, 0) for subject in source.subjects.values()], pa.int32())
    with pq.ParquetFile(source.path) as file:
        writers = [pq.ParquetWriter(path, file.schema_arrow, compression="zstd") for path in paths]
        for batch in file.iter_batches(_BATCH_ROWS):
            found = places.take(pc.index_in(batch[source.column], value_set=texts))
            part = pc.fill_null(found, 0)
            for number in pc.unique(part).to_pylist():
                writers[number].write_batch(batch.filter(pc.equal(part, number)))
        for writer in writers:
            writer.close()
    source.path.unlink()
    yield from paths
