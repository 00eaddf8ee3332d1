"""The rules of the page plan, held to by rows and blocks of any kind."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_displays import counts, labels, two

from sdtm2adam.display.paginate import paginate
from sdtm2adam.model.display import Cell, Row

ROWS = st.builds(
    Row,
    st.sampled_from(["Label", "A longer label of a row that wraps in its stub"]),
    st.sampled_from([(), (Cell("1"), Cell("22 (3.4)")), (Cell("33", span=2),)]),
    indent=st.integers(0, 3),
    gap=st.booleans(),
    keep_with_next=st.booleans(),
    block=st.booleans(),
    parents=st.sampled_from([(), ("Class",), ("Class", "Term")]),
    continued=st.booleans(),
    break_before=st.sampled_from(["", "", "", "always", "if_full"]),
)


@given(st.lists(ROWS, max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_rows_make_pages_by_the_rules(rows: list[Row]) -> None:
    pages = paginate(two(*rows))
    printed = 0
    for page in pages:
        assert page.lines <= 42
        assert any(page.body[0].texts)
        assert any(page.body[-1].texts)
        printed += sum(any(line.texts) and "(continued)" not in line.texts[0] for line in page.body)
    assert printed == max(len(rows), 1)


LABELLED = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 30), st.booleans(), st.booleans()), min_size=1, max_size=8
)


def blocks(drawn: list[tuple[int, int, bool, bool]]) -> list[Row]:
    """Blocks as specs make them: labels one under the other, then rows below them, in pairs or single."""
    rows: list[Row] = []
    for number, (depth, below, paired, gap) in enumerate(drawn):
        names = tuple(f"Block {number} level {level}" for level in range(depth))
        for level, name in enumerate(names):
            first = level == 0
            rows.append(
                Row(name, indent=level, gap=gap and first, block=first, parents=names[:level], continued=not first)
            )
        for at in range(below):
            bound = paired and at % 2 == 0 and at + 1 < below
            label = f"Row {number}.{at}"
            rows.append(counts(label, indent=depth, parents=names, continued=True, keep_with_next=bound))
    return rows


@given(LABELLED)
@settings(max_examples=60, deadline=None)
def test_blocks_break_by_the_rules(drawn: list[tuple[int, int, bool, bool]]) -> None:
    rows = blocks(drawn)
    pages = paginate(two(*rows))
    room = 42 - pages[0].lines + sum(row.lines for row in pages[0].body)
    by_label = {row.label: row for row in rows}
    heights = {number: depth + below for number, (depth, below, _, _) in enumerate(drawn)}
    for page in pages:
        shown = [" ".join(label.split()) for label in labels(page)]  # labels may be wrapped
        assert shown[0]
        assert shown[-1].startswith("Row"), "a label alone, or a blank row, ends the page"
        assert not by_label[shown[-1]].keep_with_next
        assert all(one or other for one, other in pairwise(shown))
        first = next(at for at, label in enumerate(shown) if not label.endswith("(continued)"))
        parents = by_label[shown[first]].parents
        assert shown[:first] == [f"{parent} (continued)" for parent in parents] or shown[first].startswith("Block")
        if first and page is not pages[0]:
            number = int(shown[0].split()[1])
            assert heights[number] > room, "a block that fits on a page was cut"
            later = [at for at in range(first, len(shown)) if shown[at].startswith(f"Row {number}.")]
            assert len(later) >= 2 or drawn[number][1] < 4
