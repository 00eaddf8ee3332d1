"""Outputs with their displays and files, in the words of the CDISC Analysis Results Standard 1.0."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from sdtm2adam.model import Display
from sdtm2adam.submit.ars_terms import Terms

_SHORT = re.compile(r"[A-Za-z0-9]{1,8} = ")
_PAGE = re.compile(r"Page \{page\} of \{pages\}")
_OF_TEXTS = ("Header", "Title", "Rowlabel Header", "Abbreviation", "Footnote", "Footer")
_IN_ALL = ("Header", "Abbreviation", "Footnote", "Footer")


@dataclass
class Sections:
    """The texts around all displays: one that stands in several of them is written once for the report."""

    displays: Mapping[str, Display]
    _shared: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Finds the texts that several displays have."""
        every = Counter(
            (kind, text)
            for display in self.displays.values()
            for kind, texts in section_texts(display).items()
            for text in dict.fromkeys(texts)
        )
        for (kind, text), count in every.items():
            if count > 1 and kind in _IN_ALL:
                number = sum(other == kind for other, _ in self._shared) + 1
                self._shared[(kind, text)] = f"GDS_{kind.replace(' ', '')}_{number}"

    def of(self, display: Display) -> list[dict[str, Any]]:
        """The sections of one display."""
        return [
            {"sectionType": kind, "orderedSubSections": list(self._ordered(display.id, kind, texts))}
            for kind, texts in section_texts(display).items()
            if texts
        ]

    def _ordered(self, output: str, kind: str, texts: Iterable[str]) -> Iterable[dict[str, Any]]:
        for order, text in enumerate(texts, 1):
            shared = self._shared.get((kind, text))
            if shared is not None:
                yield {"order": order, "subSectionId": shared}
            else:
                name = f"DSS_{output}_{kind.replace(' ', '')}_{order}"
                yield {"order": order, "subSection": {"id": name, "text": text}}

    def shared(self) -> list[dict[str, Any]]:
        """The sections that several displays have."""
        return [
            {"sectionType": kind, "subSections": [{"id": name, "text": text} for text, name in texts]}
            for kind in _OF_TEXTS
            if (texts := [(text, name) for (other, text), name in self._shared.items() if other == kind])
        ]


def section_texts(display: Display) -> dict[str, list[str]]:
    """The texts around a display by kind of section; a note like `SC = standard of care` is an abbreviation."""
    head = (
        [" ".join(display.columns[0].heads[-1].replace("|", " ").split())] if display.stub and display.columns else []
    )
    notes = [" ".join(note.split()) for note in display.footnotes]
    return {
        "Header": [_PAGE.sub("Page x of y", text) for pair in display.header for text in pair if text],
        "Title": list(display.titles),
        "Rowlabel Header": [text for text in head if text],
        "Abbreviation": [note for note in notes if _SHORT.match(note)],
        "Footnote": [note for note in notes if not _SHORT.match(note)],
        "Footer": [text for text in display.footer if text],
    }


def output_of(display: Display, sections: Sections, files: Iterable[PurePath], terms: Terms) -> dict[str, Any]:
    """An output: its display, and the files it is in.

    Args:
        display: of the output.
        sections: the texts of all displays.
        files: of the output, relative to the output folder.
        terms: gets the file types that the standard does not list.
    """
    number, *rest = display.titles
    title = " - ".join(display.titles)
    return {
        "id": display.id,
        "name": f"{number}: {rest[0]}" if rest else number,
        "version": 1,
        "fileSpecifications": [
            {
                "name": path.name,
                "fileType": terms.term("OutputFileTypeEnum", path.suffix.removeprefix(".")),
                "location": f"../{path.as_posix()}",
            }
            for path in files
        ],
        "displays": [
            {
                "order": 1,
                "display": {
                    "id": f"DISP_{display.id}",
                    "name": title,
                    "version": 1,
                    "displayTitle": title,
                    "displaySections": sections.of(display),
                },
            }
        ],
    }
