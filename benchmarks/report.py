"""All outputs of the bundled report in all formats: wall and CPU seconds of a fresh process, imports included.

    python benchmarks/report.py [--demo DIR]

The ADaM datasets are those of a demo run of 326 subjects, made first where no folder of one is given. From their
Parquet files come results, members, displays, RTF, Word, HTML, PNG and SVG of each output, the report of all of them as
RTF and Word, the index, and the results as Parquet, XPT and CDISC ARS. Wanted: 60 seconds on two cores.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

WANTED_SECONDS = 60


@dataclass(frozen=True)
class Cost:
    """What the outputs of a report took, and how much was written."""

    outputs: int
    files: int
    cpu_seconds: float
    wall_seconds: float


def measure(demo: Path) -> Cost:
    """Makes all outputs from the datasets of a demo run, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-report-") as out:
        start = time.perf_counter()
        command = [sys.executable, __file__, "--demo", str(demo), "--out", out]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        wall = time.perf_counter() - start
    outputs, files, cpu = done.stdout.split()
    return Cost(int(outputs), int(files), float(cpu), wall)


def make_here(demo: Path, out: Path) -> None:
    """The outputs themselves, in this process; prints how many, of how many files, and CPU seconds."""
    import pyarrow.parquet as pq

    from sdtm2adam.pipeline.outputs import make_outputs, read_report
    from sdtm2adam.spec.library import read_specs

    report = read_report(read_specs(demo))
    data = {
        path.stem: SimpleNamespace(name=path.stem, stage="adam", frame=pq.read_table(path))
        for path in sorted((demo / "output" / "data").glob("AD*.parquet"))
    }
    made = make_outputs(report, data, out, datetime(2016, 3, 8, tzinfo=UTC), "DRAFT", lambda _: None)
    print(len(made.outputs), len(made.files), time.process_time())


def demo_folder() -> Path:
    """A demo of 326 subjects, made where it is not there."""
    folder = Path(tempfile.gettempdir()) / "sdtm2adam-benchmarks" / "demo"
    if not (folder / "output" / "run.json").is_file():
        subprocess.run([sys.executable, "-m", "sdtm2adam", "demo", "--out", str(folder)], check=True)
    return folder


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--demo", type=Path, help="the folder of a finished demo")
    arguments.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    said = arguments.parse_args()
    if said.out:
        make_here(said.demo, said.out)
        return 0
    cost = measure(said.demo or demo_folder())
    print(f"{cost.outputs} outputs, {cost.files} files: {cost.wall_seconds:.1f} s wall, {cost.cpu_seconds:.1f} s CPU")
    print(f"wanted: {WANTED_SECONDS} s wall: {'met' if cost.wall_seconds <= WANTED_SECONDS else 'NOT met'}")
    return 0 if cost.wall_seconds <= WANTED_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
