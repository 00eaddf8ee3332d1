"""The shell of an output and the output of the run differ in digits, N, rows that data make, and the status alone."""

import json
import re
from pathlib import Path

import pytest

from sdtm2adam.pipeline.shell import shell
from sdtm2adam.resources import shelf

OUTPUTS = sorted(path.stem for path in (shelf("specs") / "inovate" / "tlf").glob("*.yaml"))
Pages = list[dict]


@pytest.fixture(scope="module")
def shells(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shells of the study, made from the specs beside its data."""
    return shell(study, tmp_path_factory.mktemp("shells")).out


@pytest.fixture(params=OUTPUTS)
def pair(request: pytest.FixtureRequest, shells: Path, output: Path) -> tuple[Pages, Pages]:
    """The pages of a shell and those of the final."""
    paths = (folder / "results" / f"{request.param}.display.json" for folder in (shells, output))
    shell_pages, final_pages = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    return shell_pages, final_pages


def bare(text: str) -> str:
    """A text without digits, patterns of digits, signs of numbers and blanks."""
    return re.sub(r"[-+<>]|\b[x\d][x\d.]*|NE|NC|\s", "", text)


def numberless(texts: list[str]) -> list[str]:
    """Texts with the numbers of the data, and the patterns that stand for them in a shell, as one sign."""
    return [re.sub(r"\b(?:\d[\d.]*|x[x.]*)\b", "#", text) for text in texts]


def test_what_stands_around_is_the_same(pair: tuple[Pages, Pages]) -> None:
    first, final = pair[0][0], pair[1][0]
    assert final["titles"][:3] == first["titles"][:3]
    assert numberless(final["footnotes"]) == numberless(first["footnotes"])
    assert [line[0] for line in final["header"]] == [line[0] for line in first["header"]]
    assert (first["header"][-1][1], final["header"][-1][1]) == ("SHELL", "DRAFT")
    assert {page["header"][-1][1] for page in pair[0]} == {"SHELL"}
    assert first["footer"][0].endswith("Data: none")
    assert final["footer"][0].split("  Data:")[0] == first["footer"][0].split("  Data:")[0]
    assert final["widths"] == first["widths"]


def test_columns_are_the_same_but_for_their_n(pair: tuple[Pages, Pages]) -> None:
    heads = [
        [re.sub(r"\s|N=(xxx|\d+)", "", text) for row in pages[0]["head"] for text in row["texts"]] for pages in pair
    ]
    assert heads[0] == heads[1]


def labels(pages: Pages) -> list[str]:
    """The labels of the rows with their indents, without headings that are repeated."""
    texts = [row["texts"][0] for page in pages for row in page["body"]]
    return [text for text in texts if text.strip() and not text.endswith("(continued)")]


def test_rows_of_the_final_are_those_of_the_shell_or_made_by_the_data(pair: tuple[Pages, Pages]) -> None:
    drawn, made = (numberless(labels(pages)) for pages in pair)
    if any(text.strip().startswith("<") for text in drawn) or not is_table(pair[1]):
        return  # rows of terms that data have, and listings
    assert [text for text in made if text not in drawn and text.strip() != "Missing"] == []
    assert [text for text in drawn if text not in made and text.strip() != "Missing"] == []


def is_table(pages: Pages) -> bool:
    rows = [row for page in pages for row in page["body"] if row["result_ids"]]
    return bool(rows) and not any(row["result_ids"][0] for row in rows)


def test_cells_of_the_final_have_the_form_of_a_cell_of_the_shell(pair: tuple[Pages, Pages]) -> None:
    if not is_table(pair[1]):
        return
    forms, cells = (
        {bare(text) for page in pages for row in page["body"] for text in row["texts"][1:] if text.strip()}
        for pages in pair
    )
    known = {form for text in forms for form in (text, text.replace("F", ""), f"{text}F")}
    assert {text for text in cells if text not in known} <= {"", "(,)"}


def test_a_shell_has_no_result(pair: tuple[Pages, Pages]) -> None:
    assert not any(ids for page in pair[0] for row in page["body"] for ids in row["result_ids"])
