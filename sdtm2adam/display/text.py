"""Pages as plain monospaced text, for tests and for people."""

from collections.abc import Iterator, Sequence

from sdtm2adam.display.characters import text_width
from sdtm2adam.display.page import Page, PageRow, spread

_CHARS = 133


def as_text(pages: Sequence[Page]) -> str:
    """The pages as they look, one after the other, each ended by a form feed.

    Rules are lines of their own here (`___`, under spanning heads `---`); on paper they take no room.
    """
    return "".join("\n".join(line.rstrip() for line in _page(page)) + "\n\f\n" for page in pages)


def body_text(page: Page) -> str:
    """The column header and the rows of one page alone."""
    return "\n".join(line.rstrip() for line in (*_head(page), *_rows(page, page.body)))


def _page(page: Page) -> Iterator[str]:
    for left, right in page.header:
        yield _pair(left, right)
    yield ""
    for title in page.titles:
        yield " " * ((_CHARS - text_width(title)) // 2) + title
    yield from _grid(page)
    yield from page.footnotes
    yield "_" * _CHARS
    yield _pair(*page.footer)


def _grid(page: Page) -> Iterator[str]:
    rule = "_" * sum(page.widths)
    if page.figure:
        yield ""
        yield from _picture(page.figure.alt, page.figure.lines)
        yield ""
    else:
        yield rule
        yield from _head(page)
        yield rule
        yield from _rows(page, page.body)
        yield rule


def _picture(alt: str, lines: int) -> Iterator[str]:
    yield f"[figure, {lines} lines: {alt.splitlines()[0] if alt else ''}]"
    yield from [""] * (lines - 1)


def _head(page: Page) -> Iterator[str]:
    for row in page.head:
        yield from _lines(page, row)
        if any(row.ruled):
            widths = spread(page.widths, row.spans)
            marks = ("-" * (width - 1) if ruled else "" for width, ruled in zip(widths, row.ruled, strict=True))
            yield "".join(mark.ljust(width) for mark, width in zip(marks, widths, strict=True))


def _rows(page: Page, rows: Sequence[PageRow]) -> Iterator[str]:
    for row in rows:
        yield from _lines(page, row)


def _lines(page: Page, row: PageRow) -> Iterator[str]:
    widths = spread(page.widths, row.spans)
    cells = [text.split("\n") for text in row.texts]
    for at in range(row.lines):
        texts = [cell[at] if at < len(cell) else "" for cell in cells]
        yield "".join(text + " " * max(width - text_width(text), 0) for text, width in zip(texts, widths, strict=True))


def _pair(left: str, right: str) -> str:
    return left + " " * (_CHARS - text_width(left) - text_width(right)) + right
