"""A lookup by one text is found by codes: the rows, the errors and the lineage are those of the database."""

import pyarrow as pa
import pytest
from harness import build_one, is_drawn, picked, shuffled, told, trial
from hypothesis import example, given
from hypothesis import strategies as st

from sdtm2adam.build import picks
from sdtm2adam.build.found_by_codes import only_places
from sdtm2adam.errors import InputError

ADSL = """
USUBJID AGE:integer SEX
S1-2    40          F
S1-1    .           M
S1-4    61          F
"""
AE = """
USUBJID AESEQ:integer AETERM
S1-1    1             Cough
S1-2    1             Fever
S1-2    2             Cough
S1-3    1             Rash
.       9             Lost
"""
ADAE = """
dataset: ADAE
class: OCCDS
keys: [AESEQ]
records:
  - {from: AE, copy: all}
variables:
  AGE: ADSL.AGE
  WHO: ADSL.SEX || AETERM
"""
DRAWN = """
USUBJID AESEQ AGE WHO
S1-1    1     .   MCough
S1-2    1     40  FFever
S1-2    2     40  FCough
S1-3    1     .   .
.       9     .   .
"""
WORDS = st.lists(st.sampled_from(["a", "b", "c", "", None]), max_size=8)


def _coded(texts, twice):
    """A coded column; `twice`: each text stands in its dictionary twice, and rows have one or the other code."""
    plain = pa.array(texts, pa.string()).dictionary_encode()
    if not twice:
        return plain
    size = len(plain.dictionary)
    codes = [None if code is None else code + size * (row % 2) for row, code in enumerate(plain.indices.to_pylist())]
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32()), pa.concat_arrays([plain.dictionary, plain.dictionary])
    )


@given(mine=WORDS, theirs=WORDS, twice=st.booleans())
@example(mine=["a"], theirs=[], twice=False)
@example(mine=[], theirs=["a"], twice=False)
@example(mine=["a", "b"], theirs=["b", None, None, "a"], twice=True)
@example(mine=["c"], theirs=["a", "a"], twice=True)
def test_places_are_those_of_a_plain_search(mine, theirs, twice):
    known = [text for text in theirs if text is not None]
    found = only_places(_coded(mine, twice), _coded(theirs, twice))
    if len(set(known)) < len(known):
        assert found is None
    else:
        assert found.to_pylist() == [theirs.index(text) if text in known else None for text in mine]


@pytest.mark.parametrize("seed", range(3))
def test_subjects_are_found_whatever_the_order_of_the_files(tmp_path, seed):
    made = build_one(tmp_path, ADAE, sdtm={"AE": shuffled(AE, seed), "ADSL": shuffled(ADSL, seed)})
    is_drawn(made, DRAWN)
    assert picked(made, "ADSL") == ["ADSL 0", "ADSL 1", "ADSL 1", "-", "-"]


@pytest.mark.parametrize("adsl", [ADSL, "USUBJID AGE:integer SEX\nS1-9 50 F", "USUBJID AGE:integer SEX"])
@pytest.mark.parametrize("threads", [1, 2])
def test_codes_and_the_database_find_the_same(tmp_path, monkeypatch, adsl, threads):
    study = trial(tmp_path, ADAE, sdtm={"AE": AE, "ADSL": adsl})
    by_codes = study.build(threads=threads)
    monkeypatch.setattr(picks, "found_by_codes", lambda *_: None)
    by_database = study.build(threads=threads)
    one, other = by_codes.datasets["ADAE"], by_database.datasets["ADAE"]
    assert one.frame.equals(other.frame)
    assert one.lineage.equals(other.lineage)
    assert told(by_codes, "rule", "text") == told(by_database, "rule", "text")


def test_a_subject_who_stands_twice_stops_the_build(tmp_path):
    with pytest.raises(InputError, match=r"2 rows have more \(first: USUBJID S1-2, 2 rows\)"):
        build_one(tmp_path, ADAE, sdtm={"AE": AE, "ADSL": ADSL + "S1-2 40 F\n"})


def test_a_stranger_who_stands_twice_stops_nothing(tmp_path):
    is_drawn(build_one(tmp_path, ADAE, sdtm={"AE": AE, "ADSL": ADSL + "S1-7 1 F\nS1-7 2 F\n. 3 F\n. 4 F\n"}), DRAWN)
