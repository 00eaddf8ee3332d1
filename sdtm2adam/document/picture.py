"""Pictures in HTML and as files of their own: named, described, and apart from each other."""

from __future__ import annotations

from base64 import b64encode

from lxml import etree
from markupsafe import Markup, escape

from sdtm2adam.display.characters import visible
from sdtm2adam.model.display import Figure

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"


def inline_picture(figure: Figure, name: str) -> Markup:
    """The picture as markup: SVG with its text for those who cannot see it, else PNG.

    Args:
        figure: the picture.
        name: begins every id in it, so that two pictures on one page do not share any.
    """
    if not figure.svg:
        data = b64encode(figure.png).decode("ascii")
        return Markup(f'<img src="data:image/png;base64,{data}" alt="{escape(visible(figure.alt))}">')
    return Markup(etree.tostring(_described(figure, name), encoding="unicode"))


def picture_file(figure: Figure, name: str) -> bytes:
    """The picture as an SVG file."""
    written: str = etree.tostring(_described(figure, name), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def _described(figure: Figure, name: str) -> etree._Element:
    root = etree.fromstring(figure.svg, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set("id", f"{name}-{value}")
            elif attribute == _HREF and value.startswith("#"):
                element.set(attribute, f"#{name}-{value[1:]}")
            elif value.startswith("url(#"):
                element.set(attribute, f"url(#{name}-{value[5:]}")
    summary, _, _ = visible(figure.alt).partition("\n")
    texts = (("title", visible(figure.title) or summary), ("desc", visible(figure.alt)))
    for place, (tag, text) in enumerate(texts):
        element = etree.Element(f"{{{_SVG}}}{tag}", id=f"{name}-{tag}")
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    return root
