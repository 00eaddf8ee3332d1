"""The texts of an HTML document, read by html.parser, with their page, region, row and column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from rtf_reader import Place

_VOID = {"meta", "link", "col", "img", "input", "br"}


@dataclass
class Element:
    """An element and what is in it."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    content: list["Element | str"] = field(default_factory=list)

    def find(self, *tags: str) -> "Iterator[Element]":
        """All elements in it with one of these tags, in order."""
        for item in self.content:
            if isinstance(item, Element):
                if item.tag in tags:
                    yield item
                yield from item.find(*tags)

    @property
    def text(self) -> str:
        return "".join(item if isinstance(item, str) else item.text for item in self.content)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].content.append(element)
        if tag not in _VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def tree(html: bytes) -> Element:
    """The document as a tree; every element closed where it should be."""
    parser = _Tree()
    parser.feed(html.decode())
    parser.close()
    assert len(parser.open) == 1, f"not closed: {[element.tag for element in parser.open[1:]]}"
    return parser.open[0]


def read_html(html: bytes) -> list[Place]:
    """All texts of the pages with where they stand; header and footer of every page."""
    found: list[Place] = []
    pages = [part for part in tree(html).find("section") if part.attributes.get("class") == "page"]
    for number, page in enumerate(pages, 1):
        assert page.attributes["id"] == f"page-{number}"
        for region in ("header", "footer"):
            for row, line in enumerate(next(page.find(region)).find("p")):
                found += [(number, region, row, column, part.text) for column, part in enumerate(line.find("span"))]
        titles = [line for part in page.find("caption", "figcaption") for line in part.find("h1", "p")]
        found += [(number, "title", row, 0, line.text) for row, line in enumerate(titles)]
        for region, part in (("head", "thead"), ("row", "tbody")):
            rows = [row for body in page.find(part) for row in body.find("tr")]
            found += [
                (number, region, at, column, cell.text)
                for at, row in enumerate(rows)
                for column, cell in enumerate(row.find("th", "td"))
            ]
        notes = [line for part in page.find("div") if part.attributes["class"] == "notes" for line in part.find("p")]
        found += [(number, "footnote", row, 0, line.text) for row, line in enumerate(notes)]
    return found
