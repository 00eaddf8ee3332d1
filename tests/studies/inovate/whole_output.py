"""A second computation held against a whole output: every result it prints must have been met by a number of ours."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pytest
from table_columns import Row, check
from written_files import alternative_texts, body_rows, column_heads, footnote_lines

Rows = list[Row]
Test = TypeVar("Test", bound=Callable[..., None])
NUMBER = re.compile(r"[<>]?-?\d+(?:\.\d+)?\+?|N[CE]")


def recomputes(*names: str) -> Callable[[Test], Test]:
    """Says of a test which outputs it holds against a second computation, all of them whole."""

    def marked(test: Test) -> Test:
        test.recomputes = names  # type: ignore[attr-defined]
        return test

    return marked


class WholeOutput:
    """An output as written, and which of its results were met by numbers computed a second time.

    Each method compares a part of the output with the second computation and notes the results that stand there;
    `left` is what no comparison has touched.
    """

    def __init__(self, output: Path, name: str) -> None:
        self.path = output / "tlf" / f"{name}.docx"
        folder = output / "results"
        self.pages = json.loads((folder / f"{name}.display.json").read_text(encoding="utf-8"))
        frame = pd.read_parquet(folder / f"{name}.parquet")
        self.results = frame[frame["shown"] == "Y"].set_index("result_id", drop=False)
        self.first = 0 if name.startswith("L") else 1  # the label of a row of a table is no cell
        self.met: set[str] = set()

    def rows(self, wanted: Rows, tidy: Callable[[Rows], Rows] = lambda rows: rows) -> None:
        """The rows of the table, all pages, are these: in the document and in the plan it was made from."""
        check(tidy(body_rows(self.path)), wanted)
        planned = [(_stripped(row["texts"]), row["result_ids"]) for page in self.pages for row in page["body"]]
        planned = [(texts, ids) for texts, ids in planned if any(texts) and not texts[0].endswith(" (continued)")]
        check(tidy([texts for texts, _ in planned]), wanted)
        self.cells(ids for _, rows in planned for ids in rows[self.first :])

    def lines(self, wanted: Rows, grouped: int = 0) -> None:
        """The rows of the listing, all pages, are these, blanks squeezed; grouped cells stand where they change."""
        planned = [row for page in self.pages for row in page["body"] if row["result_ids"]]
        above: Row = []
        for row, should in zip(planned, wanted, strict=True):
            texts = [" ".join(text.split()) for text in row["texts"]]
            above = texts[:grouped] if any(texts[:grouped]) else above
            assert [*above, *texts[grouped:]] == should
            self.cells(row["result_ids"])

    def cells(self, ids: Iterable[Iterable[str]]) -> None:
        """The results of cells whose texts were compared."""
        self.met |= {name for cell in ids for name in cell}

    def heads(self, wanted: set[tuple[str, ...]]) -> None:
        """The heads of the columns are these on every page."""
        assert column_heads(self.path) == wanted
        self.sizes(int(n) for heads in wanted for n in _sizes(heads))

    def sizes(self, wanted: Iterable[int]) -> None:
        """The sizes of the columns are these, each as often; no other stands in heads or labels."""
        column_n = self.results[self.results["analysis_id"].str.endswith("_000")]
        assert Counter(column_n["stat"].astype(int)) == Counter(wanted)
        told = {n for page in self.pages for row in page["head"] + page["body"] for n in _sizes(row["texts"])}
        assert told == set(map(str, column_n["stat"].astype(int)))
        self.met |= set(column_n["result_id"])

    def notes(self, *wanted: str) -> None:
        """The footnotes say these, and no result that is not among them."""
        text = " ".join(footnote_lines(self.path))
        for part in wanted:
            assert part in text
        noted = {name for page in self.pages for name in page["noted"]}
        assert Counter(self.results.loc[list(noted), "formatted"]) <= Counter(NUMBER.findall(" ".join(wanted)))
        self.met |= noted

    def pictures(self, wanted: list[list[str]], skipped: int = 1) -> None:
        """The pictures say these lines after their titles, each to the letter."""
        said = [text.split("\n")[skipped:] for text in alternative_texts(self.path)]
        for lines, should in zip(said, wanted, strict=True):
            assert lines == should
        assert [page["figure"]["alt"].split("\n")[skipped:] for page in self.pages if "figure" in page] == said

    def told(self, line: str, chosen: pd.DataFrame) -> None:
        """These results stand in a line that was compared, each as often."""
        numbers, there = Counter(NUMBER.findall(line)), Counter(chosen["formatted"])
        assert there <= numbers, (line, there - numbers)
        self.met |= set(chosen["result_id"])

    def numbers(self, chosen: pd.DataFrame, wanted: Iterable[float | None]) -> None:
        """These results have these values, whether printed or drawn."""
        values = [float("nan") if value is None else value for value in wanted]
        assert chosen["stat"].astype(float).tolist() == pytest.approx(values, rel=1e-9, abs=1e-9, nan_ok=True)
        assert chosen["stat"].isna().tolist() == (chosen["status"] != "OK").tolist()
        self.met |= set(chosen["result_id"])

    @property
    def left(self) -> pd.DataFrame:
        """The results that are printed, or stored as shown, and that nothing was compared with."""
        printed = {name for page in self.pages for row in page["body"] for ids in row["result_ids"] for name in ids}
        printed |= {name for page in self.pages for name in page["noted"]}
        assert printed <= set(self.results.index)
        left = self.results.drop(index=list(self.met & set(self.results.index)))
        return left[["analysis_id", "op_id", "g1_level", "g2_level", "formatted"]]


def _sizes(texts: Iterable[str]) -> list[str]:
    return re.findall(r"\(N=(\d+)\)", " ".join(texts))


def _stripped(texts: list[str]) -> Row:
    return [texts[0].rstrip(), *(text.strip() for text in texts[1:])]


Whole = Callable[[str], WholeOutput]
"""Opens an output by its id."""
