"""The response library as a function: what it refuses, what it leaves alone, what holds for any history."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leukemia_frames import GOOD, SICK, frames, judged

from sdtm2adam.build.response import derive_response
from sdtm2adam.errors import InputError, SpecError
from sdtm2adam.spec.criteria_sets import bundled_criteria

# --- the function -------------------------------------------------------------------------------------------------


def test_the_records_that_decided_are_named():
    subjects, tables = frames([[(-10, SICK), (30, {**GOOD, "platelets": 82})]])
    responses, records = derive_response(subjects, tables, "INO-VATE", accept_unverified=True)
    assert responses["RESPREC"][0] == "LB 2"  # each table of the test numbers its own records
    found = set(zip(records["MEASURE"], records["ROW"], strict=True))
    assert found == {("marrow", 1), ("blood", 1), ("emd", 1), ("platelets", 1)}


def test_columns_that_are_not_known_and_the_index_change_nothing():
    subjects, tables = frames([[(-10, SICK), (30, {**GOOD, "platelets": 82})]])
    odd = {key: frame.assign(_input=0, value="other", list=[[1]] * len(frame)) for key, frame in tables.items()}
    odd = {key: frame.set_index(pd.Index([7] * len(frame))) for key, frame in odd.items()}
    one = derive_response(subjects, tables, "INO-VATE", accept_unverified=True)
    other = derive_response(subjects, odd, "INO-VATE", accept_unverified=True)
    pd.testing.assert_frame_equal(one[0], other[0])
    pd.testing.assert_frame_equal(one[1], other[1])


def test_no_subject_and_no_record_make_empty_frames():
    responses, records = derive_response(*frames([]), "INO-VATE", accept_unverified=True)
    assert (len(responses), len(records)) == (0, 0)
    assert "AVALC" in responses
    assert judged((-10, SICK)) == []
    assert judged((30, GOOD), start=None) == []


def test_the_frames_given_are_not_changed():
    subjects, tables = frames([[(-10, SICK), (30, GOOD)]])
    before = {key: frame.copy() for key, frame in {"subjects": subjects, **tables}.items()}
    derive_response(subjects, tables, "INO-VATE", accept_unverified=True)
    for key, frame in {"subjects": subjects, **tables}.items():
        pd.testing.assert_frame_equal(frame, before[key])


def test_order_of_rows_and_threads_change_nothing():
    histories = [[(-10, SICK), (30, {**GOOD, "marrow": [3, 3, 4]}), (60 + i, SICK)] for i in range(30)]
    subjects, tables = frames(histories)
    one = derive_response(subjects, tables, "INO-VATE", accept_unverified=True, threads=1)
    shuffled = {key: frame.sample(frac=1, random_state=3) for key, frame in tables.items()}
    other = derive_response(
        subjects.sample(frac=1, random_state=5), shuffled, "INO-VATE", accept_unverified=True, threads=4
    )
    pd.testing.assert_frame_equal(one[0], other[0])


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda t: {"marrow": t["marrow"].assign(UNIT="g")}, InputError, "are not in %"),
        (lambda t: {"nodes": t["marrow"]}, SpecError, "no measure 'nodes'"),
        (lambda t: {"anc": t["anc"].drop(columns="UNIT")}, InputError, "no column UNIT"),
        (lambda t: {"anc": t["anc"].assign(DATE="2013-05")}, InputError, "no whole date"),
        (lambda t: {"anc": t["anc"].assign(VALUE="<1")}, InputError, "are no numbers"),
        (lambda t: {"anc": t["anc"].assign(VALUE="1_000")}, InputError, "are no numbers"),
        (lambda t: {"anc": t["anc"].assign(VALUE="inf")}, InputError, "are no numbers"),
        (lambda t: {"emd": t["emd"].assign(VALUE="Absent")}, InputError, "none of ABSENT, RESOLVED, PRESENT"),
        (
            lambda t: {"anc": t["anc"].assign(DATE=pd.Timestamp("2013-05-01 23:00", tz="US/Pacific"))},
            InputError,
            "time zone",
        ),
        (lambda t: {"anc": t["anc"].assign(VALUE=[1, "2"])}, InputError, "several types"),
        (lambda t: {"anc": t["anc"].assign(SEQ="one")}, InputError, "no number as SEQ"),
        (lambda t: {"anc": t["anc"].assign(USUBJID=1)}, InputError, "USUBJID as int64, subjects as string"),
        (lambda t: {"anc": t["anc"].assign(USUBJID=1.0)}, InputError, "USUBJID as double"),
        (lambda t: {"anc": t["anc"][["DATE", *t["anc"].columns]]}, InputError, "two columns DATE"),
        (lambda t: {"anc": t["anc"].to_dict("list")}, InputError, "is a dict, not a frame"),
        (lambda t: {"subjects": pd.concat([t["subjects"]] * 2)}, InputError, "stands twice"),
    ],
)
def test_what_cannot_be_used_is_refused(change, error, said):
    subjects, tables = frames([[(-10, SICK), (30, GOOD)]])
    given = {"subjects": subjects, **tables}
    given |= change(given)
    with pytest.raises(error, match=said):
        derive_response(given.pop("subjects"), given, "INO-VATE", accept_unverified=True)


def test_a_measure_that_the_set_needs_must_be_given():
    subjects, tables = frames([[(30, GOOD)]])
    del tables["platelets"]
    with pytest.raises(SpecError, match="needs platelets"):
        derive_response(subjects, tables, "INO-VATE", accept_unverified=True)


def test_a_set_that_nobody_verified_must_be_accepted():
    with pytest.raises(SpecError, match=r"nobody verified: .*marrow up by 25 % \(M\)"):
        derive_response(*frames([[(30, GOOD)]]), "INO-VATE")


# --- what holds for any history -----------------------------------------------------------------------------------

VISIT = st.fixed_dictionaries({
    "marrow": st.sampled_from([0, 3, 4.9, 5, 10, 25, 26, 40, 60, 80]), "blood": st.sampled_from([0, 0, 0.1, 2]),
    "emd": st.sampled_from(["ABSENT", "RESOLVED", "PRESENT"]), "anc": st.sampled_from([0.3, 0.99, 1, 3]),
    "platelets": st.sampled_from([20, 99, 100, 200]),
})  # fmt: skip
BETTER = {"marrow": min, "blood": min, "anc": max, "platelets": max}


@pytest.mark.parametrize("name", ["INO-VATE", "NCCN-ALL", "ELN-AML"])
@settings(max_examples=3, deadline=None)
@given(histories=st.lists(st.lists(VISIT, min_size=2, max_size=4), min_size=80, max_size=80))
def test_better_counts_never_make_the_last_response_worse(name, histories):
    plain, better = [], []
    for visits in histories:
        days = [-10, *(30 * i for i in range(1, len(visits)))]
        *first, last = zip(days, visits, strict=True)
        for measure, choose in BETTER.items():
            improved = {**last[1], measure: choose(last[1][measure], first[0][1][measure])}
            plain.append([*first, last])
            better.append([*first, (last[0], improved)])
    ranks = []
    for some in (plain, better):
        subjects, tables = frames(some)
        known = {key: table for key, table in tables.items() if key in bundled_criteria(name).measures}
        responses, _ = derive_response(subjects, known, name, accept_unverified=True)
        ranks.append(responses.groupby("USUBJID")["AVAL"].last())
    assert (ranks[1] <= ranks[0]).all()


@settings(max_examples=4, deadline=None)
@given(st.lists(st.lists(VISIT, min_size=1, max_size=5), min_size=80, max_size=80))
def test_relapse_comes_only_after_remission_and_then_nothing_but_remission_or_relapse(histories):
    drawn = [[(30 * i - 10, visit) for i, visit in enumerate(visits)] for visits in histories]
    responses, _ = derive_response(*frames(drawn), "INO-VATE", accept_unverified=True)
    for _, rows in responses.groupby("USUBJID"):
        in_remission = (rows["REMFL"] == "Y").cumsum().shift(fill_value=0) > 0
        assert (in_remission | (rows["AVALC"] != "RELAPSED DISEASE FROM CR")).all()
        assert rows.loc[in_remission, "AVALC"].isin(["CR", "CRi", "RELAPSED DISEASE FROM CR"]).all()
