"""Asking CDISC CORE: it runs on copies of the transport files, and what it answers becomes issues."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import UsageError
from sdtm2adam.model import Dataset, Issue
from sdtm2adam.validate.core.answer import CoreAnswer
from sdtm2adam.validate.core.answer_words import SKIPPED, CoreReport
from sdtm2adam.validate.core.asked import not_ascii_issues, read_asked
from sdtm2adam.validate.core.faults import (
    BY_HAND,
    Fault,
    Question,
    fault_issues,
    faults_of,
    trouble_issues,
    troubles_of,
)
from sdtm2adam.validate.core.issues import STUDY, issues_of_report
from sdtm2adam.validate.core.process import Ended, run_program
from sdtm2adam.validate.core.program import Program, find_core
from sdtm2adam.validate.core.read_report import NotAReport, read_report

DEFAULT_TIMEOUT = 3600.0


def run_core(
    program: Path,
    folder: Path,
    datasets: Mapping[str, Dataset],
    *,
    standard: str = "sdtmig",
    version: str,
    terminology: Sequence[str] = (),
    define: Path | None = None,
    python: Path | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    processes: int | None = None,
) -> CoreAnswer:
    """Asks CDISC CORE to judge the transport files of a folder.

    CORE runs without a shell, in a temporary folder with copies of the files, in a clean environment, until its time is
    over. Whatever keeps it from an answer is an issue `core-could-not-run` of severity error: it never looks like
    "nothing found". Issues have the id of CORE's rule (`CORE-000123`), and weigh a warning, as CORE tells no weight.

    Args:
        program: the executable `core`, its folder, or `core.py`.
        folder: where the `.xpt` files lie; folders in it are not read.
        datasets: what these files were written from, by name; may be empty. They give the keys of records; one that
            has no file is told as not read.
        standard: as CORE calls it: `sdtmig`, `sendig`, `adamig`.
        version: of the standard, `3.4` or `3-4`.
        terminology: packages, as CORE calls them: `sdtmct-2025-03-28`. Without any, and without a define.xml 2.1,
            CORE has no codelists to judge by.
        define: the define.xml of the study.
        python: the Python 3.12 that runs `core.py`.
        timeout: seconds.
        processes: how many rules CORE tries at once; by default one for each core. Each takes memory for all the data.

    Raises:
        UsageError: no CORE is found at the path.
        InputError: a transport file is damaged.
    """
    core = find_core(program, python)
    if define is not None and not define.is_file():
        raise UsageError("define.xml is not there", where=str(define), mend="give the path of the file, or none")
    asked = Question(standard, version.replace("-", "."), tuple(terminology), read_asked(folder))
    before = [*_without_file(datasets, asked, folder), *_not_in_cache(core, terminology)]
    warnings = not_ascii_issues(asked.files)
    report: CoreReport | Fault = Fault(
        STUDY, f"the folder {folder.name} holds no .xpt file", "write the transport files first"
    )
    if asked.files:
        report = _report(core, asked, define, _Means(timeout, processes or os.cpu_count() or 1))
    if isinstance(report, Fault):
        return CoreAnswer((*fault_issues([*before, report]), *warnings))
    faults = [*before, *faults_of(report, asked)]
    found = [] if any(one.distrusts for one in faults) else issues_of_report(report, datasets)
    issues = (*fault_issues(faults, report.engine), *trouble_issues(report), *warnings, *found)
    return _answer(report, issues)


@dataclass(frozen=True, slots=True)
class _Means:
    """How long CORE may take, in seconds, and in how many processes."""

    timeout: float
    processes: int


def _answer(report: CoreReport, issues: tuple[Issue, ...]) -> CoreAnswer:
    failed = {one.rule for one in troubles_of(report)}
    skipped = [one for one in report.rules if one.status == SKIPPED and one.rule not in failed]
    return CoreAnswer(
        issues=issues,
        engine=report.engine or "of unknown version",
        standard=report.standard,
        version=report.version,
        terminology=report.terminology,
        ran=sum(one.rule not in failed for one in report.rules) - len(skipped),
        skipped=len(skipped),
        could_not_run=len(failed),
        datasets=tuple(sorted({name for name, _ in report.datasets if name})),
        records=sum(records or 0 for _, records in report.datasets),
    )


def _without_file(datasets: Mapping[str, Dataset], asked: Question, folder: Path) -> list[Fault]:
    there = {one.dataset for one in asked.files}
    return [
        Fault(name, f"the folder {folder.name} has no transport file of it", "write it as XPT, then run CORE again")
        for name in sorted(datasets)
        if name not in there
    ]


def _not_in_cache(core: Program, terminology: Sequence[str]) -> list[Fault]:
    """Packages that CORE would pass over in silence; its cache holds one file for each."""
    if core.cache is None:
        return []
    known = {path.stem for path in core.cache.glob("*ct-*.pkl")}
    return [
        Fault(
            STUDY,
            f"its cache has no terminology {package}",
            "`core list-ct` shows those it has, `core update-cache` gets more",
        )
        for package in terminology
        if known and package not in known
    ]


def _words(core: Program, asked: Question, processes: int, data: Path, written: Path) -> list[str]:
    """The command. CORE adds the ending to the name of its report."""
    words = [*core.command, "validate", "-s", asked.standard.lower(), "-v", asked.version.replace(".", "-")]
    words += ["-d", str(data), "-o", str(written.with_suffix("")), "-of", "JSON", "-ps", str(processes)]
    words += ["-l", "error", "-p", "disabled"]
    words += ["-ca", str(core.cache)] if core.cache else []
    return [*words, *(word for package in asked.terminology for word in ("-ct", package))]


def _report(core: Program, asked: Question, define: Path | None, means: _Means) -> CoreReport | Fault:
    """The report of a run, or why there is none."""
    with tempfile.TemporaryDirectory(prefix="core-", ignore_cleanup_errors=True) as place:
        folder = Path(place).resolve()
        data, written = folder / "data", folder / "report.json"
        data.mkdir()
        for one in asked.files:
            shutil.copyfile(one.path, data / f"{one.dataset.lower()}.xpt")
        words = _words(core, asked, means.processes, data, written)
        if define is not None:
            words += ["-dxp", shutil.copyfile(define, str(folder / "define.xml"))]
        try:
            ended = run_program(words, folder, means.timeout)
        except OSError as error:
            mend = "see that the file is a program for this machine (docs/core.md)"
            return Fault(STUDY, f"the program {Path(core.where).name} could not be started ({error.strerror})", mend)
        return _told(ended, written, means.timeout)


def _told(ended: Ended, written: Path, timeout: float) -> CoreReport | Fault:
    """What is in the report, if the program ended well and wrote one."""
    last = f"; its last words: {ended.said}" if ended.said else ""
    if ended.status is None:
        what = f"it was ended after {timeout:g} seconds without an answer"
        return Fault(STUDY, what, "give it more time, fewer processes, or less data")
    if ended.status != 0:
        return Fault(STUDY, f"it ended with exit status {ended.status}{last}", BY_HAND)
    if not written.is_file():
        return Fault(STUDY, f"it ended without a report{last}", BY_HAND)
    try:
        return read_report(written)
    except NotAReport as error:
        return Fault(STUDY, str(error), f"docs/core.md names the versions of CORE that are known; {BY_HAND}")
