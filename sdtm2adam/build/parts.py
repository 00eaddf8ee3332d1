"""The data of a study cut by subject, so that a dataset larger than memory is built part by part.

A part has whole subjects, in the order of USUBJID; forms and datasets without subjects are in every part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.raw import read_form, usubjid
from sdtm2adam.build.raw_columns import columns_of, subject_column
from sdtm2adam.build.sources import qualifiers_in
from sdtm2adam.build.study import Inputs
from sdtm2adam.spec.library import Specs

SUBJECT = "USUBJID"
_BATCH_ROWS = 1 << 17


@dataclass(frozen=True)
class _Source:
    """A form or an SDTM file on the disk, and the subject of each text of its subject column.

    `staged` tells that the file was made for the cutting.
    """

    kind: str
    name: str
    path: Path
    column: str
    subjects: Mapping[str, str]
    staged: bool = False


def cut_inputs(
    plan: Plan, specs: Specs, inputs: Inputs, needed: Collection[str], folder: Path, subjects: int
) -> list[Inputs]:
    """The data of each part: forms as Parquet files of texts under the names of their contracts, SDTM as Parquet files.

    Args:
        plan: gets the issues of reading; its database finds the subjects.
        specs: of the study.
        inputs: where the data are; SDTM in Parquet.
        needed: the sources that are needed: `raw.FORM`, or the name of a dataset, which brings its SUPP--.
        folder: an empty folder for the parts.
        subjects: the most subjects of one part.

    Raises:
        InputErrors: a file is missing or damaged, or lacks a column of its contract.
    """
    forms = sorted(key.removeprefix("raw.") for key in needed if key.startswith("raw."))
    sources = [_stage(plan, specs, form, inputs.raw.get(form), inputs.raw_folder, folder) for form in forms]
    datasets = [name for name in sorted(inputs.sdtm) if name.removeprefix("SUPP") in needed]
    sources += [_dataset(name, inputs.sdtm[name]) for name in datasets]
    everyone = sorted({subject for source in sources for subject in source.subjects.values()})
    count = max(1, -(-len(everyone) // subjects))
    part_of = {subject: number // subjects for number, subject in enumerate(everyone)}
    files: list[dict[str, dict[str, Path]]] = [{"raw": {}, "sdtm": {}} for _ in range(count)]
    for source in sources:
        for number, path in enumerate(_cut(source, part_of, count, folder)):
            files[number][source.kind][source.name] = path
    qualifiers = {
        name.removeprefix("SUPP"): tuple(qualifiers_in(plan, inputs.sdtm[name]))
        for name in datasets
        if name.startswith("SUPP")
    }
    return [
        replace(inputs, raw=part["raw"], sdtm=part["sdtm"], raw_folder=folder, qualifiers=qualifiers) for part in files
    ]


def _dataset(name: str, path: Path) -> _Source:
    """A dataset where it lies; its subjects are read group by group."""
    with pq.ParquetFile(path) as file:
        if SUBJECT not in file.schema_arrow.names:
            return _Source("sdtm", name, path, "", {})
        groups = (pc.unique(file.read_row_group(n, [SUBJECT])[SUBJECT]) for n in range(file.num_row_groups))
        found = {text: text or "" for group in groups for text in group.to_pylist() if text is not None}
    return _Source("sdtm", name, path, SUBJECT, found)


def _stage(plan: Plan, specs: Specs, form: str, path: Path | None, raw_folder: Path | None, folder: Path) -> _Source:
    """A form read once, checked and laid down with the columns of its contract."""
    contract = specs.contracts[form]
    frame = read_form(plan, specs, form, contract, path, raw_folder).select(columns_of(specs, contract))
    staged = folder / f"{form}.whole.parquet"
    pq.write_table(frame, staged, compression="zstd", row_group_size=_BATCH_ROWS)
    column = subject_column(specs, contract)
    if not column:
        return _Source("raw", form, staged, "", {}, staged=True)
    texts = plan.warehouse.register(pa.table({column: pc.unique(frame[column].drop_null())}))
    rows = plan.warehouse.rows(f'SELECT f."{column}", {usubjid(specs, contract)} FROM {texts} f')
    return _Source("raw", form, staged, column, {text: subject or "" for text, subject in rows}, staged=True)


def _cut(source: _Source, part_of: Mapping[str, int], count: int, folder: Path) -> Iterator[Path]:
    """The file of each part; rows without a subject are in the first."""
    if not source.column or count == 1:
        yield from [source.path] * count
        return
    paths = [folder / f"{source.kind}.{source.name}.part{number}.parquet" for number in range(count)]
    texts = pa.array(list(source.subjects), pa.string())
    places = pa.array([part_of.get(subject, 0) for subject in source.subjects.values()], pa.int32())
    with pq.ParquetFile(source.path) as file:
        writers = [pq.ParquetWriter(path, file.schema_arrow, compression="zstd") for path in paths]
        for batch in file.iter_batches(_BATCH_ROWS):
            found = places.take(pc.index_in(batch[source.column].cast(pa.string()), value_set=texts))
            part = pc.fill_null(found, 0)
            for number in pc.unique(part).to_pylist():
                writers[number].write_batch(batch.filter(pc.equal(part, number)))
        for writer in writers:
            writer.close()
    if source.staged:
        source.path.unlink()
    yield from paths
