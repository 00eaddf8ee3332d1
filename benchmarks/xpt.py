"""How fast our XPT writer is beside pyreadstat's: one dataset, both writers, one run.

    python benchmarks/xpt.py [--rows 1000000]

Ours includes its checks and reading the whole file back; the ratio printed is pyreadstat's time over ours.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyreadstat

from sdtm2adam.files.xpt import read_xpt, write_xpt
from sdtm2adam.model import Dataset, Variable


def laboratory(rows: int) -> Dataset:
    """Ten text and ten numeric variables, the widths as in a laboratory dataset."""
    random = np.random.default_rng(1)
    words = pa.array([f"{'VALUE OF A TEST ' * 3}{number}"[: 4 + number % 40] for number in range(500)])
    columns = {f"TEXT{number}": words.take(pa.array(random.integers(0, 500, rows))) for number in range(10)}
    columns |= {f"NUM{number}": pa.array(random.normal(50, 20, rows)) for number in range(10)}
    variables = tuple(
        Variable(name, f"Variable {name}", "text" if name.startswith("TEXT") else "float") for name in columns
    )
    return Dataset("LB", "Laboratory Test Results", "sdtm", "", "", (), variables, pa.table(columns), pa.table({}))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Write with both, read ours, print the times."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    rows = arguments.parse_args().rows
    dataset = laboratory(rows)
    lb = dataset.frame.to_pandas()
    lb = lb.astype({name: object for name in lb.columns if name.startswith("TEXT")})  # its faster way
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "lb.xpt", Path(folder) / "theirs.xpt"
        own = seconds(lambda: write_xpt(dataset, ours, datetime(2026, 1, 1)))
        other = seconds(lambda: pyreadstat.write_xport(lb, str(theirs), table_name="LB", file_format_version=5))
        reading = seconds(lambda: read_xpt(ours))
        megabytes = ours.stat().st_size / 1e6
    print(f"{rows:,} records, {megabytes:.0f} MB")
    print(f"sdtm2adam   {own:6.2f} s  (checked, written, read back and compared)")
    print(f"pyreadstat  {other:6.2f} s  (written)")
    print(f"ratio       {other / own:6.2f}")
    print(f"reading     {reading:6.2f} s")


if __name__ == "__main__":
    main()
