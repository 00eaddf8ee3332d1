"""What stands in the specs at a place that a text remembers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sdtm2adam.spec.library import Specs

_MOST = 12
"""How many lines of one key are shown."""


@dataclass
class SpecLines:
    """The lines of the spec files, read when they are asked for."""

    specs: Specs
    _files: dict[str, list[str]] = field(default_factory=dict)

    def line(self, where: str) -> str:
        """A place and its line: `specs/sdtm/AE.yaml:12: AETOXGR: GRADE`."""
        path, number = self._parts(where)
        lines = self._read(path)
        text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        return f"{where}: {text}" if text else where

    def lines(self, where: str, name: str) -> str:
        """The lines of a key that says something in several; else the one line.

        `where` is the first text found in what the key says, which need not stand in its first line.
        """
        path, number = self._parts(where)
        lines = self._read(path)
        if not 0 < number <= len(lines) or re.search(rf"(?<![\w.]){re.escape(name)}\s*:", lines[number - 1]):
            return self.line(where)
        for first in range(number - 2, max(number - _MOST, -1), -1):
            if re.match(rf"\s*{re.escape(name)}\s*:", lines[first]):
                block = _block(lines, first)
                if first + len(block) >= number:
                    return f"{path}:{first + 1}: {' '.join(line.strip() for line in block[:_MOST])}"
        return self.line(where)

    @staticmethod
    def _parts(where: str) -> tuple[str, int]:
        path, _, number = where.rpartition(":")
        return path, int(number) if number.isdigit() else 0

    def _read(self, path: str) -> list[str]:
        if path not in self._files:
            file = next((f for f in self.specs.files if f.relative_to(self.specs.folder).as_posix() == path), None)
            self._files[path] = file.read_text(encoding="utf-8").splitlines() if file else []
        return self._files[path]


def _block(lines: list[str], first: int) -> list[str]:
    """A line and those below it that stand further in."""
    block = [lines[first]]
    for line in lines[first + 1 :]:
        if _indent(line) <= _indent(lines[first]):
            break
        block.append(line)
    return block


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
