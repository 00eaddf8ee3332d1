"""The index of a report in HTML: every output with its files, and a search that needs no network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from sdtm2adam.display.page import Page
from sdtm2adam.document.book import Output, in_order
from sdtm2adam.document.html import content_hash, html_template, iso_time
from sdtm2adam.resources import shelf


def render_index(outputs: Sequence[Output], created: datetime) -> bytes:
    """A list of all outputs by tables, figures and listings: number, title, population, status, pages, files.

    Without scripts it is a list; with them a search shows the outputs that hold every word asked for, in their
    titles, heads, labels or footnotes. A policy in the file forbids all scripts and styles but its own.

    Args:
        outputs: those of the report; they are brought into order.
        created: the time written into the file; UTC where it names no zone.
    """
    ordered = in_order(outputs)
    folder = shelf("templates") / "html"
    style = (folder / "index.css").read_text(encoding="utf-8")
    script = (folder / "index.js").read_text(encoding="utf-8")
    lines = [text for pair in ordered[0].pages[0].header for text in pair] if ordered else []
    kept = [line for line in lines if line and not line.startswith("Page ")]
    index = html_template("index.html.jinja").render(
        title=" - ".join(kept[:2]) or "Report",
        lines=kept[2:],
        created=iso_time(created),
        style=Markup(style),
        style_hash=content_hash(style),
        script=Markup(script),
        script_hash=content_hash(script),
        groups=[(_plural(name), [_line(one) for one in group]) for name, group in groupby(ordered, lambda o: o.group)],
    )
    return index.encode()


def _plural(group: str) -> str:
    return f"{group}s" if group in ("Table", "Figure", "Listing") else "Other outputs"


def _line(output: Output) -> dict[str, object]:
    return {
        "id": output.display.id,
        "number": output.number,
        "title": output.title,
        "population": output.population,
        "status": output.status,
        "pages": len(output.pages),
        "words": " ".join(sorted({word for page in output.pages for word in _words(page, output.display.stub)})),
    }


def _words(page: Page, stub: bool) -> Iterator[str]:
    texts = [*page.titles, *page.footnotes, *(text for row in page.head for text in row.texts)]
    if stub:
        texts += [row.texts[0] for row in page.body]
    for text in texts:
        yield from text.lower().split()
