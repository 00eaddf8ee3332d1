"""Where pages break. A row is drawn as a letter: lines of one unit are glued with `+`, `#` opens a block."""

from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.display.breaks import ALWAYS, IF_FULL, Part, plan_pages


def parts(drawing: str) -> list[Part]:
    """`#` block, `_` blank line before, `!` break always, `?` break if full, `+` bound to the next; `r` is the row."""
    found = []
    for word in drawing.split():
        before = ALWAYS if "!" in word else IF_FULL if "?" in word else ""
        found.append(Part(1, int("_" in word), "+" in word, "#" in word, before))
    return found


def pages(drawing: str, room: int) -> list[int]:
    """The number of rows on each page."""
    return [beyond - first for first, beyond in plan_pages(parts(drawing), lambda _: room)]


def test_rows_that_fit_are_one_page() -> None:
    assert pages("r r r", 3) == [3]


def test_no_rows_are_no_page() -> None:
    assert pages("", 3) == []


def test_a_block_moves_whole_if_it_fits_on_an_empty_page() -> None:
    assert pages("#r r r #r r r", 5) == [3, 3]


def test_a_block_that_ends_with_the_page_stays() -> None:
    assert pages("#r r #r r #r", 4) == [4, 1]


def test_a_block_longer_than_a_page_begins_where_it_stands() -> None:
    assert pages("#r r #r r r r r r r r", 6) == [6, 4]


def test_a_long_block_leaves_two_units_on_both_sides() -> None:
    assert pages("#r r r r #r r r r r r r r", 5) == [4, 5, 3]
    assert pages("#r r r r r r", 5) == [4, 2]


def test_bound_rows_are_one_unit() -> None:
    assert pages("#r+ r r+ r r+ r", 5) == [2, 4]


def test_bound_rows_part_only_where_a_unit_is_longer_than_a_page() -> None:
    assert pages("r+ r+ r+ r+ r", 3) == [3, 2]


def test_blank_lines_at_the_top_of_a_page_take_no_room() -> None:
    assert pages("#r r #_r r r #_r", 4) == [2, 3, 1]
    assert pages("#r r #_r r r", 3) == [2, 3]


def test_a_page_is_not_ended_by_the_blank_line_of_the_next_row() -> None:
    assert pages("#r r r #_r", 4) == [3, 1]


def test_break_always_begins_a_page() -> None:
    assert pages("r r !r r", 10) == [2, 2]


def test_break_if_full_keeps_what_follows_together() -> None:
    assert pages("r r r ?r r r", 6) == [6]
    assert pages("r r r ?r r r r", 6) == [3, 4]


def test_break_if_full_looks_no_further_than_the_next_break() -> None:
    assert pages("r r ?r r ?r r r", 5) == [4, 3]
    assert pages("r r ?r r !r r r", 5) == [4, 3]


def test_repeated_labels_take_room_on_later_pages() -> None:
    plan = plan_pages(parts("r " * 9), lambda first: 4 if first == 0 else 3)
    assert plan == [(0, 4), (4, 7), (7, 9)]


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1), st.integers(4, 9))
def test_a_block_that_fits_on_a_page_is_never_cut(blocks: list[tuple[int, bool]], room: int) -> None:
    rows = [
        Part(1, gap=int(gap and at == 0), block=at == 0) for height, gap in blocks for at in range(min(height, room))
    ]
    for first, _ in plan_pages(rows, lambda _: room):
        assert rows[first].block


@given(
    st.lists(st.builds(Part, st.integers(1, 3), st.integers(0, 1), st.booleans(), st.booleans(),
                       st.sampled_from(["", "", "", ALWAYS, IF_FULL]))),
    st.integers(4, 12),
)  # fmt: skip
def test_pages_hold_every_row_once_and_never_more_than_fits(rows: list[Part], room: int) -> None:
    plan = plan_pages(rows, lambda _: room)
    assert [at for first, beyond in plan for at in range(first, beyond)] == list(range(len(rows)))
    for first, beyond in plan:
        assert first < beyond
        used = sum(part.height + part.gap for part in rows[first:beyond]) - rows[first].gap
        assert used <= room
        if beyond < len(rows) and rows[beyond - 1].bound and not rows[beyond].before:
            assert all(part.bound for part in rows[first : beyond - 1])
