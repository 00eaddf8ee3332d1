"""A large study out of a small one: every subject of the public study N times, each copy under numbers of its own.

    python benchmarks/scale.py [--times 100] [--out DIR]

Copy 7 of subject 01-701-1015 is 007-01-701-1015; nothing else is changed, and copies follow each other, so that files
which are sorted by subject and sequence stay so. Only datasets that ADSL and ADAE are made of are copied: DM, DS, EX,
AE, LB and their SUPP--. The public study is looked for in `../shared/data`, beside the repository; without it nothing
is made, and the reason is said.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdtm2adam.files.atomic import write_atomically
from sdtm2adam.files.parquet import read_parquet

SDTM = Path(__file__).resolve().parents[2] / "shared" / "data" / "pharmaversesdtm" / "parquet"
DATASETS = ("dm", "ds", "ex", "ae", "lb", "suppdm", "suppds", "suppae", "rs_onco_recist", "tu_onco_recist")
SUBJECT = ("USUBJID", "SUBJID")
GROUP_ROWS = 1 << 17


def scaled_study(times: int, out: Path | None = None) -> Path | None:
    """The folder of the study with TIMES as many subjects, made where it is not there; None without the public data.

    Args:
        times: how many copies of each subject.
        out: the folder; by default one in the system's folder for temporary files, kept for the next run.
    """
    if not all((SDTM / f"{name}.parquet").is_file() for name in DATASETS):
        return None
    folder = out or Path(tempfile.gettempdir()) / "sdtm2adam-benchmarks" / f"sdtm-{times}"
    for name in DATASETS:
        source, target = SDTM / f"{name}.parquet", folder / f"{name}.parquet"
        if not _is_there(source, times, target):
            _write(read_parquet(source), times, target)
    return folder


def _is_there(source: Path, times: int, target: Path) -> bool:
    """Whether an earlier run made the file of this source: newer, and with as many records."""
    if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
        return False
    records: int = pq.read_metadata(target).num_rows
    return records == times * int(pq.read_metadata(source).num_rows)


def missing_data() -> str:
    """Why there is no scaled study."""
    return f"the public study is not in {SDTM}"


def _write(dataset: pa.Table, times: int, target: Path) -> None:
    """Copy after copy, as many in a row group as fill it."""

    def write(path: Path) -> None:
        with pq.ParquetWriter(path, dataset.schema, compression="zstd") as writer:
            for group in _groups(dataset, times):
                writer.write_table(group)

    write_atomically(target, write)


def _groups(dataset: pa.Table, times: int) -> Iterator[pa.Table]:
    step = ceil(GROUP_ROWS / max(dataset.num_rows, 1))
    for first in range(1, times + 1, step):
        copies = [_copy(dataset, number, times) for number in range(first, min(first + step, times + 1))]
        yield pa.concat_tables(copies).combine_chunks()


def _copy(dataset: pa.Table, number: int, times: int) -> pa.Table:
    """One copy of all records; its number stands before that of the subject, with zeros, so that it sorts first."""
    prefix = f"{number:0{len(str(times))}d}-"
    for column in SUBJECT:
        at = dataset.schema.get_field_index(column)
        if at >= 0:
            renamed = pc.binary_join_element_wise(prefix, dataset[column], "")
            dataset = dataset.set_column(at, dataset.schema.field(at), renamed)
    return dataset


def main() -> int:
    """Make the study, print what is in it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument("--out", type=Path)
    said = arguments.parse_args()
    folder = scaled_study(said.times, said.out)
    if folder is None:
        print(f"skipped: {missing_data()}")
        return 0
    print(folder)
    for name in DATASETS:
        print(f"{name.upper():16}{pq.read_metadata(folder / f'{name}.parquet').num_rows:>12,} records")
    return 0


if __name__ == "__main__":
    sys.exit(main())
