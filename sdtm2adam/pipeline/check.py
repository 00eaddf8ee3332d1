"""check: the data of a study, or datasets that somebody made, put to all checks; what is found is told and written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import UsageError
from sdtm2adam.pipeline.desk import write_desk
from sdtm2adam.pipeline.judged import Judged, judge
from sdtm2adam.pipeline.to_check import ToCheck, transport_files, what_to_check
from sdtm2adam.validate.beside import Beside
from sdtm2adam.validate.core import CoreAnswer, run_core
from sdtm2adam.validate.life import Life, read_findings, refuse_another_study, refuse_to_overwrite
from sdtm2adam.validate.report import summarise_report
from sdtm2adam.validate.run import Report

Progress = Callable[[str], None]


@dataclass(frozen=True)
class CheckResult:
    """What was found, and the files that tell it."""

    judged: Judged
    files: tuple[Path, ...] = ()

    @property
    def report(self) -> Report:
        """What was found by all engines."""
        return self.judged.report

    @property
    def life(self) -> Life:
        """The findings with their states."""
        return self.judged.life

    @property
    def exit_code(self) -> int:
        """1 if an open finding weighs as much as `fail_at`, or a gate is broken, else 0."""
        return self.judged.exit_code

    @property
    def summary(self) -> str:
        """What was looked at and what was found, in words."""
        return "\n".join([summarise_report(self.report), *self.judged.said])


_SDTMIG = "3.4"


def check(
    folder: Path,
    *,
    stage: str = "all",
    data: Mapping[str, str] = {},
    out: Path | None = None,
    previous: Path | None = None,
    core: Path | None = None,
    part: bool = False,
    ready: Beside | None = None,
    progress: Progress = lambda _: None,
) -> CheckResult:
    """Checks the data of a study, or a folder of datasets that somebody made.

    Args:
        folder: the study folder, or one with SDTM or ADaM datasets (XPT, Parquet) and no study.yaml.
        stage: raw, sdtm, adam or all: whose issues are told.
        data: folders of the data by kind, instead of those study.yaml names.
        out: where the reports go; by default `output/issues` of the study, and nowhere for datasets without a study.
        previous: the output of the cut before, for the states of findings.
        core: the program CDISC CORE, which is asked too.
        part: the datasets are a part of a package: what asks for all of it does not apply.
        ready: a process for the suites, started before.
        progress: told what is being done.

    Raises:
        SpecErrors: specs are wrong.
        InputErrors: the data stop the build, or cannot be read.
        UsageError: the cut before is not there, is of another study or would be overwritten; CORE is not there.
    """
    before = read_findings(previous) if previous is not None else None
    case = what_to_check(folder, data, progress)
    if out is None and case.specs is not None:
        out = folder / "output" / "issues"
    if before is not None and previous is not None:
        refuse_another_study(before, previous, case.name)
        refuse_to_overwrite(previous, out)
    progress("checking data")
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-") as place:
        files = case.files or transport_files(case, Path(place))
        answer = _ask_core(core, case, files, progress) if core is not None else None
        judged = judge(case, files, stage=stage, before=before, answer=answer, part=part, ready=ready)
    if out is None:
        return CheckResult(judged)
    progress(f"writing {out}")
    return CheckResult(judged, write_desk(judged, out))


def _ask_core(core: Path, case: ToCheck, files: Mapping[str, Path], progress: Progress) -> CoreAnswer:
    """The answer of CDISC CORE on the transport files of SDTM.

    Raises:
        UsageError: the datasets are not in transport files of one folder.
    """
    progress("asking CDISC CORE")
    sdtm = {name: one for name, one in case.datasets.items() if one.stage == "sdtm" and one.frame.num_rows}
    folders = {files[name].parent for name in sdtm if name in files and files[name].suffix.lower() == ".xpt"}
    if len(folders) != 1:
        mend = "put the transport files of SDTM into one folder, and name it"
        raise UsageError(
            "CORE reads the .xpt files of one folder", where=", ".join(map(str, folders)) or "SDTM", mend=mend
        )
    standards = case.specs.study.standards if case.specs is not None else None
    version = str(standards.sdtm).split()[-1] if standards is not None else _SDTMIG
    packages = tuple(
        f"sdtmct-{package.version}"
        for package in (case.terminology.packages if case.terminology is not None else ())
        if package.standard == "SDTM"
    )
    written = {name: one for name, one in sdtm.items() if name in files}
    return run_core(core, folders.pop(), written, version=version, terminology=packages)
