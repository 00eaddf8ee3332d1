"""What is wrong with a plot is told when its spec is loaded, with file and line."""

import pytest
from plot_frames import ECDF, HISTOGRAM, PAIRED, SWIMMER, WATERFALL, plot

from sdtm2adam.errors import SpecErrors

FAULTS = [
    (HISTOGRAM, "bins: {from: 0, to: 30, by: 10}", "rules: [1]", "a histogram needs bins"),
    (HISTOGRAM, "by: 10}\n    x", "by: 7}\n    x", "the bins do not go up to their end"),
    (HISTOGRAM, "title: Ages", "rows: 3", "rows means nothing for a histogram"),
    (HISTOGRAM, "ADSL.AGE", "AGE", "unknown variable 'AGE'"),
    (HISTOGRAM, "ADSL.AGE", "ADAE.AGE", "unknown variable 'ADAE.AGE'"),
    (HISTOGRAM, "to: 40", "to: 0", "the axis ends at 0, before it begins"),
    (HISTOGRAM, "geom: histogram", "geom: pie", "'pie' is not one of histogram"),
    (HISTOGRAM, "title: Ages", "titel: Ages", "unknown key 'titel'"),
    (HISTOGRAM, "Years", "'Years [a]'", r"the marker \[a\] has no footnote"),
    (ECDF, "ticks: [1, 10, 100]", "by: 1", "a log axis begins above 0 and lists its ticks"),
    (ECDF, "geom: ecdf", "geom: ecdf\n    where: ADAE.X = 1", "unknown dataset in a condition 'ADAE'"),
    (WATERFALL, "    value: ADSL.AGE\n", "", "a waterfall needs value"),
    (PAIRED, "      - {label: After, where: \"ADCP.VISIT = 'A'\"}\n", "", "a paired panel has 1 moments"),
    (SWIMMER, "  censor: CNSR\n", "", "a swimmer needs time and censor"),
    (SWIMMER, "rows: 1", "rows: 40", "40 rows do not fit 20 lines"),
    (SWIMMER, "REL.ADT", "RAL.ADT", "unknown variable 'RAL.ADT'"),
    (SWIMMER, "mark: cross", "mark: blob", "'blob' is not one of circle"),
    (SWIMMER, "panels:\n", "panels:\n" + HISTOGRAM.split("panels:\n")[1], "a swimmer stands beside other panels"),
]


@pytest.mark.parametrize(("body", "old", "new", "said"), FAULTS, ids=[fault[3][:40] for fault in FAULTS])
def test_a_fault_is_told_with_its_place(tmp_path, report, body, old, new, said):
    assert old in body
    with pytest.raises(SpecErrors, match=said) as told:
        plot(tmp_path, report, body.replace(old, new))
    assert "F1.yaml:" in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by: G_TRTP", "by: G_TRT", "unknown grouping 'G_TRT'"),
        ("    SC: {", "    SD: {", "unknown arm 'SD'"),
        ('    SC: {color: "#B84A00", line: dashed, fill: hatched}\n', "", "the arm SC has no style"),
        ('"#B84A00"', "orange", "'orange' is no color of SC"),
    ],
)
def test_arms_are_those_of_the_grouping(tmp_path, report, monkeypatch, old, new, said):
    import plot_frames

    monkeypatch.setattr(plot_frames, "HEAD", plot_frames.HEAD.replace(old, new))
    with pytest.raises(SpecErrors, match=said):
        plot_frames.plot(tmp_path, report, HISTOGRAM)
