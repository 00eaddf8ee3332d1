"""A text variable has one length in all transport files: that of its longest value in the study."""

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.pipeline.lengths import with_lengths


def made(name, values, length=None, kind="text"):
    frame = pa.table({"X": pa.array(values, pa.string() if kind == "text" else pa.int64())})
    return Dataset(name, name, "adam", "", "", (), (Variable("X", "X", kind, length=length),), frame, pa.table({}))


def lengths(*datasets):
    files, issues = with_lengths(datasets)
    return [dataset.variables[0].length for dataset in files], [(i.dataset, i.rule, i.severity) for i in issues]


def test_the_longest_value_over_all_datasets_counts_without_trailing_blanks():
    assert lengths(made("ADSL", ["ab", None]), made("ADAE", ["abcd   ", "a"])) == ([4, 4], [])


def test_a_variable_without_values_has_one_byte_and_a_number_no_length():
    assert lengths(made("ADSL", [None]), made("ADAE", [], kind="number")) == ([1, None], [])


def test_supplemental_datasets_have_the_lengths_of_their_own_values():
    assert lengths(made("DM", ["abcdef"]), made("SUPPDM", ["ab"]), made("SUPPAE", ["abc"])) == ([6, 2, 3], [])


def test_a_declared_length_stays_and_serves_the_others():
    assert lengths(made("ADSL", ["ab"], length=20), made("ADAE", ["abcd"])) == ([20, 20], [])


def test_declared_lengths_that_make_files_differ_are_told():
    assert lengths(made("ADSL", ["ab"], length=5), made("ADAE", ["abcdefgh"])) == (
        [5, 8], [("ADSL", "length-differs", "warning")],
    )  # fmt: skip


def test_the_datasets_are_not_changed():
    before = made("ADSL", ["ab"])
    with_lengths([before])
    assert before.variables[0].length is None
