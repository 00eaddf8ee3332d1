"""raw init: proposed contracts for the raw files of a study; a contract that is there is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import InputError, Sdtm2adamError, UsageError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.intake.contract_text import Proposal, contract_text
from sdtm2adam.intake.survey import Survey, survey
from sdtm2adam.pipeline.folder import data_folders
from sdtm2adam.spec.library import Specs, read_specs

Progress = Callable[[str], None]


@dataclass(frozen=True)
class InitResult:
    """The contracts written, those that were there and were kept, and what was looked at."""

    survey: Survey
    written: tuple[Path, ...]
    kept: tuple[Path, ...]

    @property
    def faults(self) -> tuple[Sdtm2adamError, ...]:
        """What is wrong with the files that could not be read."""
        return self.survey.faults


def raw_init(
    study: Path, raw: Path | None = None, *, force: bool = False, progress: Progress = lambda _: None
) -> InitResult:
    """Proposes a contract for each form in the raw files of a folder, into `specs/raw/` of the study.

    Args:
        study: the study folder; its study.yaml says which column names the subject and what is housekeeping.
        raw: the folder with the files; by default that of the study.
        force: write contracts anew that are there.
        progress: told what is being done.

    Raises:
        SpecErrors: the specs of the study are wrong.
        UsageError: no folder is named and the study has none.
        InputError: the folder is not there or holds no raw file.
    """
    specs = read_specs(study)
    folder = raw if raw is not None else data_folders(specs).raw
    if folder is None:
        raise UsageError("the study has no raw data", where=str(study), mend="name the folder with --raw FOLDER")
    if not folder.is_dir():
        raise InputError("this folder is not there", where=f"--raw {folder}", mend="name the folder of the transfer")
    subject = str(specs.study.subject.column) if specs.study.subject else ""
    patterns = [str(pattern) for pattern in specs.study.housekeeping]
    found = survey(folder, subject=subject, housekeeping=lambda _: patterns, progress=progress)
    has_specs = bool(specs.contracts or specs.datasets) or specs.shelf != specs.folder
    shelf = (specs.shelf if has_specs else specs.folder / "specs") / "raw"
    written: list[Path] = []
    kept: list[Path] = []
    alone = Counter(proposal.file for proposal in found.proposals.values())
    for form, proposal in found.proposals.items():
        known = _contract_of(specs, proposal, alone[proposal.file] == 1)
        path = shelf / f"{known or form}.yaml"
        if path.exists() and (not force or _is_of_whole_form(specs, known, proposal)):
            kept += [path] if path not in kept else []
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, contract_text(proposal))
        written.append(path)
    return InitResult(found, tuple(written), tuple(kept))


def _contract_of(specs: Specs, proposal: Proposal, alone: bool) -> str:
    """The contract that a form has already, by its file and the part of it; empty if none.

    A contract that names no sheet is that of the only one; one that names a form of ODM is that of its groups.
    """
    for form, contract in specs.contracts.items():
        if str(contract.file).lower() != proposal.file.lower():
            continue
        part = contract.read.part
        if part in (proposal.read.part, *proposal.within) or (alone and not part):
            return form
    return ""


def _is_of_whole_form(specs: Specs, known: str, proposal: Proposal) -> bool:
    """Whether the contract reads a whole form of ODM: a proposal for one of its groups would not replace it."""
    return bool(known) and specs.contracts[known].read.part in proposal.within
