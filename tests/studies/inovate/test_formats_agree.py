"""Every output of the run says the same in RTF, Word and HTML, cell by cell, alone and in the report of all."""

import json
from functools import cache
from pathlib import Path

from docx_reader import read_docx
from html_reader import read_html, tree
from rtf_reader import Place, read_rtf

Body = list[tuple[str, int, int, str]]


def names(output: Path) -> list[str]:
    found = sorted(path.name.removesuffix(".display.json") for path in (output / "results").glob("*.display.json"))
    assert len(found) >= 6
    return found


def planned(output: Path, name: str) -> list[Place]:
    """What the plan of the pages says, headers and footers of all pages."""
    found: list[Place] = []
    for page in json.loads((output / "results" / f"{name}.display.json").read_text(encoding="utf-8")):
        number = page["number"]
        for region, lines in (("header", page["header"]), ("footer", [page["footer"]])):
            found += [(number, region, row, at, text) for row, pair in enumerate(lines) for at, text in enumerate(pair)]
        for region, lines in (("title", page["titles"]), ("footnote", page["footnotes"])):
            found += [(number, region, row, 0, text) for row, text in enumerate(lines)]
        for region, rows in (("head", page["head"]), ("row", page["body"])):
            found += [
                (number, region, at, c, text) for at, row in enumerate(rows) for c, text in enumerate(row["texts"])
            ]
    return sorted(found)


@cache
def rtf_of(path: Path) -> list[Place]:
    """An RTF document, read once."""
    return read_rtf(path.read_bytes())


def without_frame(places: list[Place]) -> list[Place]:
    """Titles, rows and footnotes; heads too, without the empty cells that RTF and Word have beside a ruled head."""
    heads: dict[tuple[int, int], list[str]] = {}
    kept = []
    for place in sorted(places):
        page, region, row, _, text = place
        if region == "head":
            heads.setdefault((page, row), []).extend([text] if text else [])
        elif region not in ("header", "footer"):
            kept.append(place)
    shown = [(page, "head", row, at, t) for (page, row), texts in heads.items() for at, t in enumerate(texts)]
    return sorted([*kept, *shown])


def test_rtf_word_and_html_of_every_output_say_what_was_planned(output: Path) -> None:
    for name in names(output):
        rtf = rtf_of(output / "tlf" / f"{name}.rtf")
        word, web = (
            read((output / "tlf" / f"{name}.{ending}").read_bytes())
            for read, ending in ((read_docx, "docx"), (read_html, "html"))
        )
        plan = planned(output, name)
        assert sorted(web) == plan, name
        assert sorted(rtf) == sorted(word), name
        assert without_frame(rtf) == without_frame(plan), name
        frame = [place for place in plan if place[0] == 1 and place[1] in ("header", "footer")]
        assert sorted(place for place in rtf if place[1] in ("header", "footer")) == frame, name


def test_the_report_holds_every_output_as_it_is_alone(output: Path) -> None:
    whole = [
        read((output / "tlf" / f"report.{ending}").read_bytes())
        for read, ending in ((read_rtf, "rtf"), (read_docx, "docx"))
    ]
    by_page: list[dict[int, Body]] = [{}, {}]
    for pages, found in zip(by_page, whole, strict=True):
        for page, *place in without_frame(found):
            pages.setdefault(page, []).append(tuple(place))
    assert by_page[0] == by_page[1]
    bodies = list(by_page[0].values())
    for name in names(output):
        alone: dict[int, Body] = {}
        for page, *place in without_frame(rtf_of(output / "tlf" / f"{name}.rtf")):
            alone.setdefault(page, []).append(tuple(place))
        start = bodies.index(alone[1])
        assert bodies[start : start + len(alone)] == list(alone.values()), name


def test_the_index_leads_to_every_file(output: Path) -> None:
    folder = output / "tlf"
    links = {link.attributes["href"] for link in tree((folder / "index.html").read_bytes()).find("a")}
    assert all((folder / str(link)).is_file() for link in links)
    expected = {f"{name}.{ending}" for name in names(output) for ending in ("html", "rtf", "docx")}
    assert links == expected | {"report.rtf", "report.docx"}
