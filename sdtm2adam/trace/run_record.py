"""The run that is asked about: what run.json says it read and made, and what has changed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError, SpecError, SpecErrors, UsageError

if TYPE_CHECKING:  # a cell is traced without the engine and the specs
    from sdtm2adam.build.study import Inputs
    from sdtm2adam.spec.library import Specs

RECORD = "run.json"


@dataclass(frozen=True)
class RunRecord:
    """run.json of an output folder."""

    out: Path
    said: dict[str, Any]

    @classmethod
    def read(cls, out: Path) -> RunRecord:
        """The record of the last finished run.

        Raises:
            UsageError: there is none.
        """
        path = out / RECORD
        if not path.is_file():
            mend = "run the study first: sdtm2adam run STUDY; or name its output folder with --out"
            raise UsageError("holds no finished run (no run.json)", where=str(out), mend=mend)
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if not all(isinstance(said[key], dict) for key in ("inputs", "specs", "outputs", "versions")):
                raise TypeError
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError("is no record of a run", where=str(path), mend="run the study again") from error
        return cls(out, said)

    def inputs(self, specs: Specs) -> Inputs:
        """The files that the run read: where they were, else beside the study."""
        from sdtm2adam.build.study import Inputs

        found: dict[str, dict[str, Path]] = {"raw": {}, "sdtm": {}}
        for name, one in self.said["inputs"].items():
            kind, _, key = name.partition("/")
            found[kind][key] = self._where(specs, kind, Path(one["path"]))
        raw = found["raw"]
        return Inputs(raw, found["sdtm"], next(iter(raw.values())).parent if raw else None)

    @staticmethod
    def _where(specs: Specs, kind: str, path: Path) -> Path:
        """A study that was moved takes its data along."""
        declared = specs.study.data.raw if kind == "raw" else specs.study.data.sdtm
        here = (specs.folder / str(declared or kind) / path.name).resolve()
        return here if not path.is_file() and here.is_file() else path

    def refuse_changed(self, specs: Specs, inputs: Inputs) -> None:
        """An explanation of a value by other specs or data than it was made of would be a story.

        Raises:
            SpecErrors: specs have changed since the run.
            InputErrors: data have.
        """
        changed = self._changed_specs(specs)
        if changed:
            raise SpecErrors(changed)
        wrong: list[Sdtm2adamError] = []
        files = {**{f"raw/{n}": p for n, p in inputs.raw.items()}, **{f"sdtm/{n}": p for n, p in inputs.sdtm.items()}}
        for name, path in files.items():
            if not path.is_file():
                wrong.append(InputError("is not there any more", where=str(path), mend="put it back, or run again"))
            elif sha256(path) != self.said["inputs"][name]["sha256"]:
                wrong.append(InputError(f"{path.name} has changed since the run", where=str(path), mend="run again"))
        if wrong:
            raise InputErrors(wrong)

    def _changed_specs(self, specs: Specs) -> list[SpecError]:
        mend = "run again, then ask"
        recorded = self.said["specs"]
        now = {path.relative_to(specs.folder).as_posix(): path for path in specs.files}
        found = []
        for name, path in sorted(now.items()):
            if name not in recorded:
                found.append(SpecError(f"{path.name} is new since the run", where=name, mend=mend))
            elif sha256(path) != recorded[name]:
                found.append(SpecError(f"{path.name} has changed since the run", where=name, mend=mend))
        shelf = specs.shelf.relative_to(specs.folder).as_posix()
        ours = tuple(f"{shelf}/{part}/".removeprefix("./") for part in ("raw", "sdtm", "adam", "tables"))
        gone = [name for name in recorded if name not in now and name.startswith(ours)]
        return found + [SpecError("is not there any more, or not used", where=name, mend=mend) for name in gone]

    def output(self, name: str) -> Path:
        """A file the run made, as it made it.

        Raises:
            InputError: it is not there, or has been changed.
        """
        path = self.out / name
        if not path.is_file():
            raise InputError("is not there any more", where=str(path), mend="run again")
        if sha256(path) != self.said["outputs"].get(name):
            raise InputError(f"{path.name} has changed since the run", where=str(path), mend="run again")
        return path

    @property
    def datasets(self) -> list[str]:
        """The datasets that the run made."""
        names = (Path(name) for name in self.said["outputs"] if name.startswith("data/"))
        return sorted(path.stem for path in names)

    def remarks(self) -> tuple[str, ...]:
        """Other versions than those of the run: they may compute otherwise."""
        from sdtm2adam.build.python_functions import versions_of

        now = {library: version(library) for library in ("sdtm2adam", "duckdb", "sqlglot")}
        then = {**self.said["versions"], **self.said.get("packages", {})}
        now |= versions_of(self.said.get("packages", {}))
        return tuple(
            f"the run was made with {library} {then[library]}, this is {found}"
            for library, found in now.items()
            if then.get(library) not in (None, found)
        )


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
