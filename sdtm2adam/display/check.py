"""What is odd in the texts of a display: shown all the same, and told."""

from __future__ import annotations

from sdtm2adam.display.characters import check_characters
from sdtm2adam.display.wrap import WordTooLong, wrap
from sdtm2adam.model.display import Display, Row
from sdtm2adam.model.issue import Issue, Severity


def check_display(display: Display) -> tuple[Issue, ...]:
    """Issues for all texts of a display: characters shown as their code, words cut to fit into the stub."""
    return (*check_characters(display), *_check_labels(display))


def label_lines(row: Row, width: int, *, cut: bool = True) -> list[str]:
    """The label of a row in the lines of a stub `width` characters wide, indented; later lines two characters more.

    A word that does not fit is cut: labels that come from data may hold any word, and some scripts have no blanks.

    Raises:
        WordTooLong: such a word where `cut` is not set.
    """
    return wrap("  " * row.indent + row.label, width - 1, hang=2 * row.indent + 2, cut=cut)


def _check_labels(display: Display) -> tuple[Issue, ...]:
    if not display.stub or not display.columns:
        return ()
    width = display.columns[0].width
    hits = []
    for row in (row for section in display.sections for row in section.rows):
        if 2 * row.indent + 2 * len(row.label) >= width:  # a character takes two places at most
            try:
                label_lines(row, width, cut=False)
            except WordTooLong as word:
                hits.append(str(word))
    if not hits:
        return ()
    return (
        Issue(
            dataset=display.id,
            rule="WRAP01",
            severity=Severity.WARNING,
            text=f"words of labels do not fit into the {width - 1} characters of the stub and are cut",
            value=ascii(hits[0]),
            records=len(hits),
            keys=tuple(ascii(hit) for hit in hits[:5]),
            source="display",
        ),
    )
