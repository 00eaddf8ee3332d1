"""YAML of specs: scalars stay text, everything knows its line, what misleads is refused with line and way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.yaml import Text, load, loads, where_of


@pytest.mark.parametrize(
    "scalar", ["NO", "yes", "on", "true", "007", "1e3", "12:30", "2012-08-27", "~", "null", "0x10", "1_000", ".5"]
)
@pytest.mark.bad_input("B036")
def test_every_scalar_stays_the_text_it_is(scalar):
    assert loads(f"A: {scalar}\n{scalar}: B", "x.yaml") == {"A": scalar, scalar: "B"}


def test_a_value_left_empty_is_none_and_a_quoted_empty_text_is_a_text():
    assert loads("A:\nB: ''\nC: [x]", "x.yaml") == {"A": None, "B": "", "C": ["x"]}


def test_every_text_and_key_knows_its_line():
    tree = loads("A: a\nB:\n  - x\n  - C: c\n", "S.yaml")
    assert tree["A"].where == "S.yaml:1"
    assert tree["B"][1]["C"].where == "S.yaml:4"
    assert where_of(tree, ("B", 1, "C")) == "S.yaml:4"
    assert where_of(tree, ("B", 1, "missing")) == "S.yaml:4"


def test_comments_blank_lines_and_a_byte_order_mark_are_fine(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("\ufeff# a comment\n\nA: b # and one more\n".encode())
    assert load(path) == {"A": "b"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A: 1\nB: 2\nA: 3", "x.yaml:3: the key 'A' stands twice\n    to mend: the first is at x.yaml:1: keep one"),
        (
            "A: 1\nB: {value: coalesce(A, B)}",
            (
                "x.yaml:2: 'coalesce(A' looks like a part of a text that a comma has split\n"
                "    to mend: a text with a comma inside { } or [ ] must be in quotes, or use the indented form"
            ),
        ),
        (
            "A: {by: x, then}",
            (
                "x.yaml:1: 'then' has no value\n"
                "    to mend: a text with a comma inside { } must be in quotes, or use the indented form"
            ),
        ),
        (
            "A: [in ('a', 'b')]",
            (
                "x.yaml:1: \"in ('a'\" looks like a part of a text that a comma has split\n"
                "    to mend: a text with a comma inside { } or [ ] must be in quotes, or use the indented form"
            ),
        ),
        ("A: 1\n\tB: 2", "x.yaml:2: has a tab\n    to mend: indent with blanks"),
        (
            "A: &x 1\nB: *x",
            "x.yaml:1: uses an anchor or alias\n    to mend: write it out, or use foreach, extends or include",
        ),
        ("A: *x", "x.yaml:1: uses an anchor or alias\n    to mend: write it out, or use foreach, extends or include"),
        ("A:\n  <<: {B: 1}", "x.yaml:2: has an empty key or a merge key (<<)\n    to mend: write the keys out"),
        (
            "A: !!python/object:os.system 1",
            (
                "x.yaml:1: uses the tag tag:yaml.org,2002:python/object:os.system\n"
                "    to mend: leave the tag out; a spec is plain text"
            ),
        ),
        ("? [a]\n: b", "x.yaml:1: a key is not a plain text\n    to mend: use a name as key"),
        ("A: 1\n---\nB: 2", "x.yaml:2: holds a second document (---)\n    to mend: one file holds one document"),
    ],
)
@pytest.mark.bad_input("B036", "B037")
def test_what_misleads_is_refused_with_the_line_and_the_way_out(text, message):
    with pytest.raises(SpecError) as error:
        loads(text, "x.yaml")
    assert error.value.message == message


def test_a_text_that_must_be_quoted_says_so():
    for text in ("A: 'x' = y", "A: b: c", "A: @x", "A: %x", 'A: "x" = y', "A: [x"):
        with pytest.raises(SpecError) as error:
            loads("FIRST: 1\n" + text, "x.yaml")
        assert error.value.where.startswith("x.yaml:")
        assert "must stand in quotes" in error.value.mend


@pytest.mark.bad_input("B037")
def test_a_file_that_is_no_text_is_too_large_or_is_not_there_is_refused(tmp_path):
    latin, large = tmp_path / "latin.yaml", tmp_path / "large.yaml"
    latin.write_bytes("A: 1\nB: Stra\xdfe".encode("latin-1"))
    large.write_bytes(b"#" * 2_000_001)
    with pytest.raises(SpecError, match=r"latin\.yaml:2: is not UTF-8"):
        load(latin)
    with pytest.raises(SpecError, match=r"large.yaml: is larger than 2,000,000 bytes"):
        load(large)
    with pytest.raises(SpecError, match="cannot be read"):
        load(tmp_path / "none.yaml")


@pytest.mark.bad_input("B037")
def test_a_file_nested_without_end_is_refused():
    with pytest.raises(SpecError, match="nested deeper than 40 levels"):
        loads("[" * 60 + "]" * 60, "x.yaml")


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,7}", fullmatch=True)


@given(
    st.dictionaries(NAMES, st.from_regex(r"[A-Za-z0-9 _.<>=+-]{1,20}", fullmatch=True).filter(str.strip), max_size=5)
)
def test_quoted_texts_come_back_as_they_are(tree):
    lines = [f"{key}: '{value}'" for key, value in tree.items()]
    assert (loads("\n".join(lines), "x.yaml") or {}) == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_our_words(text):
    try:
        tree = loads(text, "x.yaml")
    except SpecError:
        return  # its constructor demands what, where and how to mend
    assert tree is None or isinstance(tree, (Text, dict, list))
