"""The public SDTM checked whole by its command: seconds of a fresh process, all reports written.

    python benchmarks/check.py [--data DIR]

`sdtm2adam check` reads 18 datasets (121,701 records, LB and VS among them), puts suites, rules and edit checks to them,
and writes the workbook, the dashboard and the files for machines. Wanted: 20 seconds on two cores. CDISC CORE was
recorded with 358 s for 106,000 records of the same kind. The public study is looked for in `../shared/data`.
"""

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from scale import SDTM, missing_data

WANTED_SECONDS = 20


@dataclass(frozen=True)
class Cost:
    """What a check took, of how many records."""

    datasets: int
    records: int
    cpu_seconds: float
    wall_seconds: float


def measure(data: Path) -> Cost:
    """Checks a copy of a package, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-check-") as place:
        package = Path(place) / "sdtm"
        shutil.copytree(data, package)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "sdtm2adam", "check", str(package), "--stage", "sdtm", "--out", f"{place}/out"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    said = re.search(r"looked at ([\d,]+) datasets, ([\d,]+) records", done.stdout)
    if said is None:
        raise SystemExit(f"the check did not end:\n{done.stdout}{done.stderr}")
    datasets, records = (int(one.replace(",", "")) for one in said.groups())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(datasets, records, cpu, wall)


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=SDTM, help="a folder of SDTM datasets")
    data = arguments.parse_args().data
    if not data.is_dir():
        print(f"skipped: {missing_data()}")
        return 0
    cost = measure(data)
    took = f"{cost.wall_seconds:.1f} s wall, {cost.cpu_seconds:.1f} s CPU"
    print(f"{cost.datasets} datasets, {cost.records:,} records: {took}")
    met = cost.wall_seconds <= WANTED_SECONDS
    print(f"wanted: {WANTED_SECONDS} s wall: {'met' if met else 'NOT met'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
