"""Verbs on frames: what they make, whatever the kind and order of the frames, and which rows it came from."""

import pandas as pd
import pyarrow as pa
import pytest
from frames_of_a_study import ALL, COLUMNS, DM, EX, arrow_frames, pandas_frames
from harness import draw, shown, trial

from sdtm2adam.build import verbs
from sdtm2adam.errors import InputError

VALUES = {
    "pick": "A A none", "exists": "N Y N", "agg": "10 30 0", "sql": "old young old", "flag": "Y . .", "seq": "2 1 3",
}  # fmt: skip
"""What each verb makes on the rows S1-2, S1-1, S1-3."""
RULES = """dataset: ADSL
keys: [USUBJID]
records: [{from: DM, copy: all}]
variables:
  XPICK: {pick: {from: EX, order: [EXSEQ], take: last, value: EXTRT, else: "'none'"}}
  XEXISTS: {exists: {from: EX, where: EXDOSE > THIS.AGE / 10, else: N}}
  XAGG: {agg: {from: EX, value: sum(EXDOSE), else: 0}}
  XSQL: case when AGE < 55 then 'young' else 'old' end
  XFLAG: {flag: {by: [], order: [AGE desc, USUBJID]}}
  XSEQ: {seq: {by: [], order: [AGE, USUBJID]}}
"""


def cell(value):
    if value is None or value is pd.NA or value != value:
        return "."
    return f"{value:g}" if isinstance(value, float) else str(value)


def texts(frame, *names):
    """Columns as texts, whatever the kind of frame; a date of pandas is a date-time at midnight."""
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    dates = [i for i, field in enumerate(table.schema) if pa.types.is_date(field.type)]
    for i in dates:
        table = table.set_column(i, table.schema[i].name, table[i].cast(pa.timestamp("ms")))
    return shown(table, " ".join(names))[1:]


@pytest.mark.parametrize("verb", COLUMNS)
def test_a_verb_makes_what_it_says(verb):
    frame, _ = COLUMNS[verb](pandas_frames(["ADSL", "EX"]))
    assert frame["USUBJID"].tolist() == ["S1-2", "S1-1", "S1-3"]
    assert [cell(value) for value in frame["X"].tolist()] == VALUES[verb].split()
    assert frame.index.tolist() == ["row 0", "row 1", "row 2"]


def test_a_verb_makes_what_a_spec_makes_of_the_same_words(tmp_path):
    built = trial(tmp_path, RULES, sdtm={"DM": DM, "EX": EX}).build().datasets["ADSL"].frame
    for verb, call in COLUMNS.items():
        frame, _ = call(arrow_frames(["ADSL", "EX"]))
        assert shown(frame.sort_by("USUBJID"), "USUBJID X")[1:] == shown(built, f"USUBJID X{verb.upper()}")[1:]


@pytest.mark.parametrize("verb", ALL)
def test_frames_that_are_given_stay_as_they_were(verb):
    call, names = ALL[verb]
    given = pandas_frames(names)
    before = {name: frame.copy(deep=True) for name, frame in given.items()}
    call(given)
    for name, frame in given.items():
        pd.testing.assert_frame_equal(frame, before[name])


@pytest.mark.parametrize("verb", ALL)
def test_pandas_gives_pandas_and_arrow_gives_arrow_of_the_same_values(verb):
    call, names = ALL[verb]
    frame, lineage = call(pandas_frames(names))
    table, edges = call(arrow_frames(names))
    assert isinstance(frame, pd.DataFrame)
    assert isinstance(lineage, pd.DataFrame)
    assert isinstance(table, pa.Table)
    assert isinstance(edges, pa.Table)
    assert list(frame.columns) == table.column_names
    assert texts(frame, *table.column_names) == texts(table, *table.column_names)
    assert lineage.values.tolist() == [list(row.values()) for row in edges.to_pylist()]


@pytest.mark.parametrize("verb", ALL)
def test_the_order_of_rows_does_not_matter(verb):
    call, names = ALL[verb]
    given = pandas_frames(names)
    turned = {name: frame.iloc[::-1] for name, frame in given.items()}
    (one, lineage), (other, turned_lineage) = call(given), call(turned)
    if len(one) == len(given[names[0]]) and one.index.equals(given[names[0]].index):
        other = other.loc[one.index]
    pd.testing.assert_frame_equal(one, other)
    assert edges_of(lineage, given, one) == edges_of(turned_lineage, turned, call(turned)[0])


def edges_of(lineage, given, frame):
    """Lineage by the names of rows instead of their places."""
    labels = [str(row) for row in frame.to_dict("records")]
    named = {**given, "W": given.get("EX")}
    return sorted(
        (labels[row], source, str(named[source].index[place])) for row, source, place in lineage.values.tolist()
    )


@pytest.mark.parametrize("verb", ALL)
@pytest.mark.parametrize("emptied", ["first", "others", "all"])
def test_frames_without_rows_make_frames_with_the_same_columns(verb, emptied):
    call, names = ALL[verb]
    given = arrow_frames(names)
    full, _ = call(given)
    gone = {"first": names[:1], "others": names[1:], "all": names}[emptied]
    empty, lineage = call({name: table.slice(0, 0) if name in gone else table for name, table in given.items()})
    assert empty.column_names == full.column_names
    assert lineage.column_names == ["row", "source", "source_row"]
    if emptied == "all" or (len(names) == 1 and emptied == "first"):
        assert empty.num_rows == lineage.num_rows == 0


@pytest.mark.parametrize("verb", ALL)
def test_one_subject_alone_has_the_values_it_has_among_others(verb):
    call, names = ALL[verb]
    given = pandas_frames(names)
    alone = {name: frame[frame["USUBJID"] == "S1-1"] for name, frame in given.items()}
    made, found = call(given)[0], call(alone)[0]
    if verb in ("flag", "seq"):
        assert found["X"].tolist() == [{"flag": "Y", "seq": 1}[verb]]
        return
    among = made[made["USUBJID"] == "S1-1"] if "USUBJID" in made else made
    assert texts(found, *found.columns) == texts(among, *found.columns)


# --- lineage ----------------------------------------------------------------------------------------------------------

EDGES = {
    "pick": [(0, "EX", 5), (1, "EX", 3)],
    "exists": [(1, "EX", 2)],
    "agg": [(0, "EX", 1), (0, "EX", 5), (1, "EX", 0), (1, "EX", 2), (1, "EX", 3)],
    "sql": [(0, "ADSL", 0), (1, "ADSL", 1), (2, "ADSL", 2)],
    "flag": [(0, "ADSL", 0), (1, "ADSL", 1), (2, "ADSL", 2)],
    "seq": [(0, "ADSL", 0), (1, "ADSL", 1), (2, "ADSL", 2)],
    "from_": [(0, "EX", 2), (1, "EX", 0), (2, "EX", 4)],
    "records, pick": [(0, "EX", 2), (1, "EX", 1)],
    "records, agg": [(0, "EX", 0), (0, "EX", 2), (0, "EX", 3), (1, "EX", 1), (1, "EX", 5)],
    "dedupe": [(0, "EX", 2), (1, "EX", 0), (2, "EX", 1), (3, "EX", 4)],
    "expand": [(0, "EX", 2), (1, "EX", 2), (2, "EX", 0), (3, "EX", 0), (4, "EX", 5), (5, "EX", 4)],
    "tte": [(0, "ADSL", 1), (1, "ADSL", 0)],
}


@pytest.mark.parametrize("verb", EDGES)
def test_lineage_names_the_rows_by_their_places_in_the_frames_given(verb):
    call, names = ALL[verb]
    _, lineage = call(pandas_frames(names))
    assert lineage.values.tolist() == [list(edge) for edge in EDGES[verb]]


def test_the_rows_of_an_agg_are_not_listed_where_nobody_wants_them():
    adsl = arrow_frames(["ADSL"])
    frame, lineage = verbs.agg(adsl, "M", from_="SELF", by=[], value="median(AGE)", lineage=False)
    assert frame["M"].to_pylist() == [55.5, 55.5, 55.5]
    assert lineage.num_rows == 0


# --- ties and missing values ------------------------------------------------------------------------------------------


def test_ties_with_different_values_stop_unless_any_will_do():
    frames = pandas_frames(["ADSL", "EX"])
    with pytest.raises(InputError, match=r"from_: ADSL\.X: order \[EXTRT\] leaves 2 ties"):
        verbs.pick(frames, "X", from_="EX", order="EXTRT", value="EXSEQ")
    frame, lineage = verbs.pick(frames, "X", from_="EX", order="EXTRT", value="EXSEQ", ties="any")
    assert frame["X"].tolist()[:2] == [1, 1]
    assert lineage["source_row"].tolist() == [1, 2]


def test_a_flag_goes_by_subject_and_sequence_where_the_order_leaves_ties():
    frame, _ = verbs.flag(pandas_frames(["EX"]), "X", order="EXTRT")
    assert frame["X"].fillna(".").tolist() == [".", "Y", "Y", ".", "Y", "."]


def test_several_rows_without_an_order_stop():
    with pytest.raises(InputError, match="pick without order must match at most one row"):
        verbs.pick(pandas_frames(["ADSL", "EX"]), "X", from_="EX", value="EXSEQ")


def test_missing_values_match_nothing_and_never_win():
    own = draw("USUBJID SITE\n1 a\n2 .")
    other = draw("CODE NAME N:integer\na A 2\na B .\n. C 1")
    frame, lineage = verbs.pick({"DM": own, "SITES": other}, "X", from_="SITES", by={"SITE": "CODE"}, order=["N desc"],
                                value="NAME")  # fmt: skip
    assert frame["X"].to_pylist() == ["A", None]
    assert lineage.to_pylist() == [{"row": 0, "source": "SITES", "source_row": 0}]
