"""Pages as RTF, through the templates in templates/rtf."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sdtm2adam.display.layout import Layout, layout_named
from sdtm2adam.display.page import Page
from sdtm2adam.document.fields import field_parts
from sdtm2adam.document.grid import GridCell, head_cells, row_ends
from sdtm2adam.document.png import png_size
from sdtm2adam.document.rtf_text import Rtf, escape_rtf, literal
from sdtm2adam.model.display import Display, Figure
from sdtm2adam.resources import shelf

_TOP, _BOTTOM = r"\clbrdrt\brdrs\brdrw10", r"\clbrdrb\brdrs\brdrw10"


def render_rtf(pages: Sequence[Page], display: Display, created: datetime) -> bytes:
    """The pages of a display as an RTF document.

    Tables are native tables on the grid, the column header is marked as such and repeated, rows have exact heights
    and do not break, each page begins with a page break. Page numbers are fields that hold the planned numbers. The
    first title has outline level 1 and a bookmark named for the display.

    Args:
        pages: what `paginate` made of the display.
        display: the display itself, for its name and the page header.
        created: the time written into the document's properties; UTC where it names no zone.
    """
    layout = layout_named(display.layout, where=display.id)
    document = _environment().get_template("document.rtf.jinja")
    return document.render(
        layout=layout,
        display=display,
        font=_font(layout.half_points),
        created=created.astimezone(UTC) if created.tzinfo else created,
        header=[[field_parts(text, 1, len(pages)) for text in pair] for pair in display.header],
        footer=[field_parts(text, 1, len(pages)) for text in display.footer],
        pages=(_page_content(page, layout, display.id, last=page is pages[-1]) for page in pages),
    ).encode("ascii")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """The templates, sandboxed; whatever they print is escaped unless it is RTF already."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(shelf("templates") / "rtf", encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=literal,
        autoescape=False,
    )
    environment.filters["rtf"] = Rtf
    return environment


def _font(size: int) -> Rtf:
    """The font for all scripts: Latin, East Asian and right-to-left; without the last two they come in 12 pt."""
    return Rtf(rf"\rtlch\af0\afs{size}\ltrch\loch\f0\hich\f0\dbch\af0\fs{size}")


def _page_content(page: Page, layout: Layout, where: str, *, last: bool) -> dict[str, object]:
    return {
        "last": last,
        "number": page.number,
        "titles": page.titles,
        "rows": list(_rows(page, layout)),
        "footnotes": page.footnotes,
        "figure": _picture(page.figure, layout, where) if page.figure else None,
    }


def _rows(page: Page, layout: Layout) -> Iterator[tuple[Rtf, Rtf]]:
    """Each row of the grid as its definition and its texts."""
    for row, cells in zip(page.head, head_cells(page, layout), strict=True):
        ends = tuple((_rules(cell), cell.end) for cell in cells)
        yield _definition(row.lines * layout.line, ends, head=True), _texts(cell.text for cell in cells)
    last = len(page.body) - 1
    for at, row in enumerate(page.body):
        rule = _BOTTOM if at == last else ""
        ends = tuple((rule, end) for end in row_ends(page.widths, row.spans, layout))
        yield _definition(row.lines * layout.line, ends, head=False), _texts(row.texts)


def _rules(cell: GridCell) -> str:
    return (_TOP if cell.top else "") + (_BOTTOM if cell.bottom else "")


@cache
def _definition(height: int, ends: tuple[tuple[str, int], ...], *, head: bool) -> Rtf:
    cells = "".join(rf"{rules}\cellx{end}" for rules, end in ends)
    header = r"\trhdr" if head else ""
    padding = r"\trgaph0\trleft0\trpaddl0\trpaddr0\trpaddt0\trpaddb0\trpaddfl3\trpaddfr3\trpaddft3\trpaddfb3"
    return Rtf(rf"\trowd{padding}\trautofit0\trrh-{height}\trkeep{header}{cells}")


def _texts(texts: Iterable[str]) -> Rtf:
    return Rtf("".join(f"{escape_rtf(text)}\\cell " for text in texts))


def _picture(figure: Figure, layout: Layout, where: str) -> dict[str, object]:
    width, height = png_size(figure.png, where=where)
    return {
        "width": width,
        "height": height,
        "goal_width": layout.grid_width,
        "goal_height": figure.lines * layout.line,
        "alt": figure.alt,
        "hex": Rtf(figure.png.hex()),
    }
