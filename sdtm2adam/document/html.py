"""Pages as HTML, through the templates in templates/html: one file, nothing from elsewhere, the same pages."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from sdtm2adam.display.characters import visible
from sdtm2adam.display.layout import layout_named
from sdtm2adam.display.page import Page, PageRow
from sdtm2adam.document.picture import inline_picture
from sdtm2adam.model.display import Display
from sdtm2adam.resources import shelf


def render_html(pages: Sequence[Page], display: Display, created: datetime) -> bytes:
    """The pages of a display as one HTML file that needs no network.

    Every page of the plan is a section with its header, titles, table, footnotes and footer, the numbers of the plan
    in them; printed on the paper of the layout, each is a page. Tables are tables: titles are the caption, heads have
    a scope, labels are heads of their rows. Pictures are drawn as SVG and described. A policy in the file forbids
    scripts, and styles other than its own.

    Args:
        pages: what `paginate` made of the display.
        display: the display itself, for its name and whether it has a stub.
        created: the time written into the file; UTC where it names no zone.
    """
    layout = layout_named(display.layout, where=display.id)
    widths = sorted({width for page in pages for width in page.widths})
    style = html_template("page.css.jinja").render(layout=layout, widths=widths, points=_points)
    return (
        html_template("output.html.jinja")
        .render(
            id=display.id,
            title=" - ".join(display.titles),
            created=iso_time(created),
            style=Markup(style),
            style_hash=content_hash(style),
            pages=[_page(page, display) for page in pages],
        )
        .encode()
    )


def html_template(name: str) -> Template:
    """A template of templates/html, sandboxed; whatever it prints is visible text and escaped, unless it is markup."""
    return _environment().get_template(name)


def iso_time(moment: datetime) -> str:
    """A time as it stands in the head of a file, in UTC."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def content_hash(text: str) -> str:
    """What a content security policy calls a style or a script by."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(shelf("templates") / "html", encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
        autoescape=True,
    )


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _points(twips: int) -> str:
    return f"{twips / 20:g}pt"


def _page(page: Page, display: Display) -> dict[str, object]:
    return {
        "number": page.number,
        "header": page.header,
        "titles": page.titles,
        "widths": page.widths,
        "head": [_head(row) for row in page.head],
        "body": [_row(row, stub=display.stub) for row in page.body],
        "figure": inline_picture(page.figure, f"figure-{page.number}") if page.figure else None,
        "footnotes": page.footnotes,
        "footer": page.footer,
    }


def _head(row: PageRow) -> Markup:
    """The heads of one level: empty ones are plain cells, those over several columns head a group."""
    return Markup("").join(map(_head_cell, row.texts, row.spans, row.ruled or (False,) * len(row.texts)))


def _head_cell(text: str, span: int, ruled: bool) -> Markup:
    over = _span(span)
    if not text.strip():
        return Markup(f"<td{over}>{escape(text)}</td>")
    scope = "colgroup" if span > 1 else "col"
    if ruled:
        return Markup(f'<th scope="{scope}" class="ruled"{over}><span>{escape(text)}</span></th>')
    return Markup(f'<th scope="{scope}"{over}>{escape(text)}</th>')


def _row(row: PageRow, *, stub: bool) -> Markup:
    return Markup("".join(_cells(row, stub=stub)))


def _cells(row: PageRow, *, stub: bool) -> Iterator[str]:
    for at, (text, span) in enumerate(zip(row.texts, row.spans, strict=True)):
        if at == 0 and stub and text and len(row.texts) > 1:
            yield f'<th scope="row"{_span(span)}>{escape(text)}</th>'
        else:
            yield f"<td{_span(span)}>{escape(text)}</td>"


def _span(span: int) -> str:
    return f' colspan="{span}"' if span > 1 else ""
