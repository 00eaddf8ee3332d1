"""What the numbers of a figure are called when several would have one name."""

from sdtm2adam.trace.figure_places import places_in_figure


def result(analysis, label, paramcd="", *groups):
    made = {"analysis_id": analysis, "stat_label": label, "paramcd": paramcd, "shown": "Y"}
    for at in range(1, 5):
        made[f"g{at}_id"], made[f"g{at}_level"] = groups[at - 1] if at <= len(groups) else ("", "")
    return made


def named(results):
    return [("|".join(path), "|".join(head)) for _, path, head in places_in_figure(results)]


ARM = ("G_TRT", "")


def test_two_endpoints_of_one_figure_are_named_by_their_parameter():
    columns = [result("A_F1_01_000", "n", "", ARM, ("G_SEX", "F"))]
    ratios = [result(f"A_F1_0{at}_030", "Estimate", name, ARM, ("G_SEX", "F")) for at, name in ((1, "PFS"), (2, "OS"))]
    assert named(columns + ratios) == [("N", "F|All"), ("PFS|Estimate", "F|All"), ("OS|Estimate", "F|All")]


def test_without_a_parameter_the_analysis_tells_them_apart():
    panels = [result(f"A_F1_0{at}0", "n", "", ("STATE", "Missing")) for at in (1, 2)]
    assert named(panels) == [("A_F1_010|n|Missing", "value"), ("A_F1_020|n|Missing", "value")]


def test_a_number_over_all_levels_is_named_by_its_grouping():
    columns = [result("A_F1_000", "n", "", ARM, (name, "x")) for name in ("G_SEX", "G_AGE")]
    tests = [result("A_F1_050", "p-value", "OS", ARM, (name, "")) for name in ("G_SEX", "G_AGE")]
    assert named(columns + tests)[2:] == [("p-value", "All G_SEX|All G_TRT"), ("p-value", "All G_AGE|All G_TRT")]


def test_names_that_are_clear_stay_as_they_are():
    clear = [
        result("A_F1_000", "n", "OS", ("G_TRT", "X")),
        result("A_F1_010", "at_risk", "OS", ("G_TRT", "X"), ("TICK", "3")),
    ]
    assert named(clear) == [("N", "X"), ("at_risk|3", "X")]
