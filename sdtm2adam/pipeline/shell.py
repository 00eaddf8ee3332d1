"""shell: the mock shells of all outputs, from the same specs as the finals, before there are any data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import SpecError, UsageError
from sdtm2adam.files.lock import lock_folder
from sdtm2adam.pipeline.folder import DataFolders, check_out
from sdtm2adam.pipeline.outputs import Documents, make_shells, read_report
from sdtm2adam.pipeline.settings import read_settings
from sdtm2adam.pipeline.staging import RECORD
from sdtm2adam.spec.library import read_specs

SHELLS = "shells"


@dataclass(frozen=True)
class Shells:
    """The shells that were made, and where."""

    out: Path
    documents: Documents


def shell(folder: Path, out: Path | None = None) -> Shells:
    """Writes the shell of every output of a study; no data are read, and none need to be there.

    Args:
        folder: the study folder.
        out: where the shells go; by default `shells/` of the study.

    Raises:
        SpecErrors: specs are wrong, or the study has no outputs.
        UsageError: the folder holds the output of a run, or cannot be written to.
    """
    specs = read_specs(folder)
    settings = read_settings(specs)
    report = read_report(specs)
    if report.report is None:
        mend = f"write display specs into {specs.shelf / 'tlf'}, and report.yaml beside it"
        raise SpecError("the study has no outputs", where=str(folder), mend=mend)
    data = (specs.folder / str(specs.study.data.raw or "raw"), specs.folder / str(specs.study.data.sdtm or "sdtm"))
    out = check_out(out or folder / SHELLS, specs, DataFolders(*data))  # the data need not be there
    if (out / RECORD).exists():
        mend = f"name another folder with --out; by default shells go to {folder / SHELLS}"
        raise UsageError("holds the output of a run, which shells would replace", where=str(out), mend=mend)
    with lock_folder(out):
        return Shells(out, make_shells(report, out, settings.created))
