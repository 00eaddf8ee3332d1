"""ADaM of drawn SDTM, in which anything may happen on any day: derived a second time, and what always holds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawn_sdtm import CUTOFF
from drawn_trials import DrawnTrial, Frames
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from messy_trials import CHOICES, frames_of
from second_comparison import ADRS, ADTTE, cells_of, derived_again, differences

FLAGS = [
    "ITTFL", "ITT218FL", "SAFFL", "RESPFL", "RESPEFL", "RSPEVFL", "CD22EVFL", "MRDEVFL", "MRDNGFL", "HSCTFL",
]  # fmt: skip
OCCURRENCES = {
    "AOCCFL": [], "AOCCIFL": [], "AOCCSFL": ["AEBODSYS"], "AOCCSIFL": ["AEBODSYS"],
    "AOCCPFL": ["AEBODSYS", "AEDECOD"], "AOCCPIFL": ["AEBODSYS", "AEDECOD"],
}  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)
CHOSEN = st.fixed_dictionaries(
    {
        **{name: st.sampled_from(values) for name, values in CHOICES.items()},
        "FIRST_RANDOMIZED": st.sampled_from(["1", "40", "90"]),
    }
)


def some(examples: int) -> settings:
    """A seed is not made smaller: another one is another trial."""
    phases = [Phase.explicit, Phase.generate]
    return settings(max_examples=examples, deadline=None, phases=phases, suppress_health_check=list(HealthCheck))


@contextmanager
def drawn(seed: int, *, errors: bool = False, **chosen: str) -> Iterator[DrawnTrial]:
    with tempfile.TemporaryDirectory() as place:
        yield DrawnTrial(Path(place), seed, errors=errors, **chosen)


def compare(seed: int, errors: bool, chosen: dict[str, str]) -> None:
    with drawn(seed, errors=errors, **chosen) as trial:
        frame = frames_of(trial.build())
        again = derived_again(trial.read, frame("ADRS"), trial.settings)
    for name, columns in (("ADRS", ADRS), ("ADTTE", ADTTE)):
        assert not (found := differences(cells_of(frame(name), columns), again[name])), f"{name}\n{found}"


@some(3)
@given(seed=SEEDS, errors=st.booleans(), chosen=CHOSEN)
def test_responses_and_times_are_as_derived_again(seed: int, errors: bool, chosen: dict[str, str]) -> None:
    compare(seed, errors, chosen)


@pytest.mark.long
@some(60)
@given(seed=SEEDS, errors=st.booleans(), chosen=CHOSEN)
def test_responses_and_times_of_many_are_as_derived_again(seed: int, errors: bool, chosen: dict[str, str]) -> None:
    compare(seed, errors, chosen)


def hold(seed: int, errors: bool) -> None:
    with drawn(seed, errors=errors) as trial:
        frame = frames_of(trial.build())
    flags_hold(frame)
    if not errors:  # where no record lies after a death
        times_hold(frame)


@some(2)
@given(seed=SEEDS, errors=st.booleans())
def test_what_holds_whatever_happens(seed: int, errors: bool) -> None:
    hold(seed, errors)


@pytest.mark.long
@some(60)
@given(seed=SEEDS, errors=st.booleans())
def test_what_holds_for_many(seed: int, errors: bool) -> None:
    hold(seed, errors)


def flags_hold(frame: Frames) -> None:
    adsl, adrs, adae, adtte = (frame(name) for name in ("ADSL", "ADRS", "ADAE", "ADTTE"))
    assert adsl[FLAGS].isin(["Y", "N"]).all().all()
    assert (adtte["AVAL"] >= 1).all()
    assert ((adtte["ADT"] - adtte["STARTDT"]).map(lambda span: span.days) + 1 == adtte["AVAL"]).all()
    assert not adtte.duplicated(["USUBJID", "PARAMCD"]).any()
    counted = adrs[adrs["ANL01FL"] == "Y"]
    assert not counted.duplicated(["USUBJID", "PARAMCD", "ADT"]).any()
    emergent = adae[adae["TRTEMFL"] == "Y"]
    for flag, level in OCCURRENCES.items():
        first = adae[adae[flag] == "Y"]
        groups = first[["USUBJID", *level]]
        assert not groups.duplicated().any()
        assert set(map(tuple, groups.values)) == set(map(tuple, emergent[["USUBJID", *level]].values))
    for rows in (frame(name) for name in ("ADSL", "ADRS", "ADTTE", "ADAE")):
        if {"ABLFL", "PARAMCD"} <= set(rows.columns):
            assert not rows[rows["ABLFL"] == "Y"].duplicated(["USUBJID", "PARAMCD"]).any()


def times_hold(frame: Frames) -> None:
    adsl, adtte = frame("ADSL").set_index("USUBJID"), frame("ADTTE")
    days = adtte.pivot(index="USUBJID", columns="PARAMCD", values="AVAL").reindex(adsl.index)
    assert (days["OS"] >= days["PFS"]).all()
    responders = adsl["RESPFL"] == "Y"
    for parameter in ("DOR", "DORHSCT"):
        assert (days[parameter].notna() == responders).all()
    assert (days["DORCR"].notna() ^ days["DORCRI"].notna() == responders).all()
    assert (days["OSHSCT"].notna() == adsl["HSCTDT"].notna()).all()
    events = adtte[adtte["CNSR"] == 0]
    assert (events["ADT"] <= CUTOFF).all()
    assert (events["ADT"] >= events["STARTDT"]).all()
    assert events["CNSDTDSC"].isna().all()
    assert adtte["CNSDTDSC"][adtte["CNSR"] > 0].notna().all()
    dead = adsl["DTHDT"].notna()
    survival = adtte[adtte["PARAMCD"] == "OS"].set_index("USUBJID")
    assert ((survival["CNSR"] == 0) == dead.reindex(survival.index)).all()


@some(2)
@given(seed=SEEDS, order=st.integers(0, 1000))
def test_the_order_of_rows_and_the_number_of_threads_change_nothing(seed: int, order: int) -> None:
    with drawn(seed, errors=True) as trial:
        once, again = trial.build(threads=1), trial.build(threads=4, shuffled=order)
    assert list(once.datasets) == list(again.datasets)
    for name, dataset in once.datasets.items():
        assert as_bytes(dataset.frame) == as_bytes(again.datasets[name].frame), name
        assert dataset.variables == again.datasets[name].variables
    assert once.issues == again.issues


def as_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())
