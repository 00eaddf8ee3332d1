"""What ADSL, ADAE, ADRS and ADTTE of a large study cost: CPU seconds and peak memory, beside recorded ones of admiral.

    python benchmarks/derivation.py [--times 100] [--sdtm DIR] [--memory 2GB] [--subjects N]

The input is the public study with 100 times the subjects (30,600; LB has 6.0 million records; see scale.py), the specs
are those of tests/studies/pharmaverse. Each dataset is built in a process of its own on two threads. With imports done
and specs read, the clock runs from the Parquet files of SDTM to the Parquet files of the dataset and of its lineage,
read back and compared; without checks and without XPT. CPU is that of the system and of all threads.

ADSL is built from SDTM. ADAE takes ADSL as an input, as admiral's did: the Parquet file that the step before wrote; its
helper of single doses is built with it. So does ADRS, and ADTTE takes ADRS too. At last the four are built at once, in
one process from SDTM, for the memory that this takes. With --subjects each dataset is built in parts of so many
subjects, straight to Parquet and without lineage: what a study takes that does not fit into memory. Recorded seconds of
admiral and admiralonco are without reading and writing, and are multiplied by what the yardstick (R's coxph on 200,000
subjects) took here over what it took there.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import sdtm2adam  # noqa: F401 - before Arrow, as the command does: it chooses Arrow's pool of memory

from scale import missing_data, scaled_study  # isort: skip
from yardstick import RECORDED_SECONDS, machine_factor, yardstick_seconds

STUDY = Path(__file__).resolve().parents[1] / "tests" / "studies" / "pharmaverse"


@dataclass(frozen=True)
class Peer:
    """What another program was recorded to need at 100 times the subjects, and how many times less CPU is wanted."""

    program: str
    seconds: float
    gigabytes: float
    wanted_ratio: float


@dataclass(frozen=True)
class Task:
    """What is built in one process, from what, and beside what."""

    name: str
    specs: tuple[str, ...]
    sources: tuple[str, ...]
    peer: Peer | None = None
    wanted_gigabytes: float | None = None


SDTM = ("DM", "SUPPDM", "DS", "SUPPDS", "EX", "AE", "SUPPAE", "LB")
RECIST = ("RS_ONCO_RECIST", "TU_ONCO_RECIST")
TASKS = (
    Task("ADSL", ("ADSL",), SDTM, Peer("admiral 1.4.1", 180, 16.5, 60), 3.0),
    Task("ADAE", ("ADAE", "EXSINGLE"), ("AE", "SUPPAE", "EX", "ADSL"), Peer("admiral 1.4.1", 153, 9.8, 25)),
    Task("ADRS", ("ADRS",), (*RECIST, "ADSL"), Peer("admiralonco 1.4.0", 24.7, 0.8, 8)),
    Task("ADTTE", ("ADTTE",), ("ADSL", "ADRS"), Peer("admiralonco 1.4.0", 18.2, 0.5, 20)),
    Task("the four at once", ("ADSL", "ADAE", "EXSINGLE", "ADRS", "ADTTE"), (*SDTM, *RECIST), wanted_gigabytes=4.0),
)
TIMES = 100
"""The size at which the other program was measured."""


@dataclass(frozen=True)
class Cost:
    """What one build took."""

    records: int
    cpu_seconds: float
    wall_seconds: float
    gigabytes: float


def measure(task: Task, sdtm: Path, work: Path, memory: str | None, subjects: int | None) -> Cost:
    """Builds the datasets of a task in a fresh process; their files are left in `work`."""
    study = work / f"study-{task.specs[0]}-{len(task.specs)}"
    (study / "specs" / "adam").mkdir(parents=True)
    shutil.copy(STUDY / "study.yaml", study)
    for name in task.specs:
        shutil.copy(STUDY / "specs" / "adam" / f"{name}.yaml", study / "specs" / "adam")
    places = {name: work / f"{name}.parquet" for name in task.sources}
    sources = {name: str(path if path.is_file() else sdtm / path.name.lower()) for name, path in places.items()}
    said = json.dumps(
        {"study": str(study), "sources": sources, "out": str(work), "memory": memory, "subjects": subjects}
    )
    command = [sys.executable, __file__, "--build"]
    run = subprocess.run(command, input=said, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{task.name} could not be built:\n{run.stderr}")
    return Cost(**json.loads(run.stdout))


def build_here() -> Cost:
    """The build itself, in this process; what to build comes from standard input."""
    import sqlglot.dialects.duckdb  # noqa: F401 - an import too, which sqlglot puts off to its first use

    from sdtm2adam.build.delivery import build_dataset
    from sdtm2adam.build.study import Inputs, build
    from sdtm2adam.files.parquet import write_parquet
    from sdtm2adam.spec.library import read_specs

    said = json.load(sys.stdin)
    specs, out = read_specs(Path(said["study"])), Path(said["out"])
    inputs = Inputs(sdtm={name: Path(path) for name, path in said["sources"].items()})
    cpu, wall = time.process_time(), time.perf_counter()
    if said["subjects"]:
        limits = {"subjects": said["subjects"], "memory": said["memory"], "threads": 2}
        names = [name for name, spec in specs.datasets.items() if spec.output]
        records = sum(build_dataset(specs, inputs, name, out / f"{name}.parquet", **limits).records for name in names)
    else:
        built = build(specs, inputs, threads=2, memory=said["memory"])
        for name, made in built.datasets.items():
            write_parquet(made.frame, out / f"{name}.parquet")
            write_parquet(made.lineage, out / f"{name}-lineage.parquet")
        records = sum(made.frame.num_rows for name, made in built.datasets.items() if specs.datasets[name].output)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Cost(records, cpu, wall, peak_gigabytes())


def peak_gigabytes() -> float:
    """The most memory this process has held at once; outside Linux that of its parent may show through."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text(encoding="ascii").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) * 1024 / 1e9
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def report(task: Task, cost: Cost, times: int, factor: float) -> list[str]:
    """The cells of one task: what it cost, and beside the other program where that was measured at this size."""
    cells = [task.name, f"{cost.records:,}", f"{cost.cpu_seconds:.2f}", f"{cost.wall_seconds:.2f}"]
    cells.append(f"{cost.gigabytes:.2f}")
    if times != TIMES:
        return [*cells, "", "", "", ""]
    beside, ratio, wanted, good = "", "", [], True
    if (peer := task.peer) is not None:
        times_less = peer.seconds * factor / cost.cpu_seconds
        beside, ratio = f"{peer.program}: {peer.seconds * factor:.0f} s, {peer.gigabytes} GB", f"{times_less:.1f} x"
        wanted, good = [f"{peer.wanted_ratio:.0f} x"], times_less >= peer.wanted_ratio
    if task.wanted_gigabytes is not None:
        wanted.append(f"{task.wanted_gigabytes:.0f} GB")
        good = good and cost.gigabytes <= task.wanted_gigabytes
    return [*cells, beside, ratio, ", ".join(wanted), "yes" if good else "NO"]


HEAD = ["dataset", "records", "CPU s", "wall s", "peak GB", "beside it", "ratio", "wanted", "met"]


def compare(
    sdtm: Path, times: int, factor: float, memory: str | None = None, subjects: int | None = None
) -> list[list[str]]:
    """One row of cells for each task."""
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-derivation-") as folder:
        return [report(task, measure(task, sdtm, Path(folder), memory, subjects), times, factor) for task in TASKS]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Rows below their head, columns as wide as their widest cell, as Markdown."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def said_of(seconds: float | None) -> str:
    """The yardstick in words."""
    if seconds is None:
        return "yardstick: R with its survival package is not here; recorded seconds of other programs stand unscaled"
    multiplied = f"recorded seconds are multiplied by {machine_factor(seconds):.2f}"
    return f"yardstick: {seconds:.2f} s CPU, recorded {RECORDED_SECONDS} s; {multiplied}"


def main() -> int:
    """Measure the yardstick, build, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=TIMES)
    arguments.add_argument("--sdtm", type=Path, help="a folder that scale.py made")
    arguments.add_argument("--memory", help="DuckDB's memory limit, such as 2GB")
    arguments.add_argument("--subjects", type=int, help="build in parts of so many subjects")
    arguments.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    said = arguments.parse_args()
    if said.build:
        print(json.dumps(build_here().__dict__))
        return os.EX_OK
    sdtm = said.sdtm or scaled_study(said.times)
    if sdtm is None:
        print(f"skipped: {missing_data()}")
        return os.EX_OK
    seconds = yardstick_seconds()
    print(said_of(seconds))
    print(table(HEAD, compare(sdtm, said.times, machine_factor(seconds), said.memory, said.subjects)))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
