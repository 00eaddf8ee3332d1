"""The figures of distributions, pairs, swimmers and waterfalls, computed a second time from the written XPT files."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from printed_cells import fixed
from recomputed_statistics import quartile
from whole_output import Whole, WholeOutput, recomputes
from written_files import alternative_texts

Datasets = Callable[[str], pd.DataFrame]
ARMS = {1: "InO", 2: "SC"}


def said(output: Path, name: str) -> list[str]:
    """The lines of the texts of all pictures of a figure."""
    texts = alternative_texts(output / "tlf" / f"{name}.docx")
    return [line for text in texts for line in text.split("\n")]


def percent(n: int, total: int) -> str:
    return "0" if n == 0 else fixed(100 * n / total, 1)


@recomputes("F14_1_1")
def test_distribution_of_baseline_cd22(whole: Whole, adam: Datasets) -> None:
    adsl, figure = adam("ADSL"), whole("F14_1_1")
    everyone = adsl["MESFBL"].dropna()
    cuts = [quartile(everyone, share) for share in (0.25, 0.5, 0.75)]
    missing = [int((adsl.loc[adsl["TRT01PN"] == number, "CD22BL"]).isna().sum()) for number in ARMS]
    left_out = f"Missing: InO {missing[0]}, SC {missing[1]}."
    classes, steps = [], []
    for number, arm in ARMS.items():
        subjects = adsl[adsl["TRT01PN"] == number]
        own = figure.results[figure.results["g1_level"] == arm]
        figure.numbers(own[own["analysis_id"] == "A_F14_1_1_000"], [len(subjects)])
        classes.append(check_classes(figure, arm, subjects["CD22BL"], own[own["analysis_id"] == "A_F14_1_1_010"]))
        steps.append(check_steps(figure, arm, subjects["MESFBL"], own[own["analysis_id"] == "A_F14_1_1_020"]))
    figure.numbers(figure.results[figure.results["method_id"] == "M_CONT"], cuts)
    figure.pictures(
        [
            [
                "CD22 positivity, central laboratory. CD22-positive leukemic blasts (%).",
                *classes,
                left_out,
                "CD22 intensity, central laboratory. CD22 intensity (MESF), logarithmic.",
                *steps,
                left_out,
                f"Quartiles, arms pooled: {', '.join(fixed(cut, 0) for cut in cuts)}.",
            ]
        ]
    )


def check_known(figure: WholeOutput, values: pd.Series, own: pd.DataFrame) -> None:
    """How many have a value and how many have none, of all subjects of the arm."""
    for level, n in (("Missing", int(values.isna().sum())), ("Known", int(values.notna().sum()))):
        chosen = own[(own["g2_level"] == level) & (own["method_id"] == "M_CNT")]
        figure.numbers(chosen, [n, 100 * n / len(values)])


def check_classes(figure: WholeOutput, arm: str, values: pd.Series, own: pd.DataFrame) -> str:
    """Numbers and percentages of the classes of a histogram; what the picture says of them."""
    check_known(figure, values, own)
    shares, told = values.dropna(), []
    for low in range(0, 100, 10):
        n = int(((shares >= low) & ((shares < low + 10) | (low == 90))).sum())
        head = f"[{low}, {low + 10}{']' if low == 90 else ')'}"
        figure.numbers(own[own["g2_level"] == head], [n, 100 * n / len(shares)] if n else [0])
        told.append(f"{head} {percent(n, len(shares))}")
    return f"{arm} (n={len(shares)}), %: {', '.join(told)}"


def check_steps(figure: WholeOutput, arm: str, values: pd.Series, own: pd.DataFrame) -> str:
    """Every step of a distribution function; what the picture says of it at the ticks."""
    check_known(figure, values, own)
    bright, ticks = values.dropna(), (100, 1000, 10000, 100000)
    places = sorted(bright.unique())
    for statistic, wanted in (
        ("estimate", [100 * (bright <= place).mean() for place in places]),
        ("n", [int((bright == place).sum()) for place in places]),
    ):
        chosen = own[own["op_id"] == f"M_ECDF.{statistic}"]
        assert chosen["g2_leveln"].tolist() == places
        figure.numbers(chosen, wanted)
    below = [100 * (bright <= tick).mean() for tick in ticks]
    figure.numbers(own[own["op_id"] == "M_ECDF.at_tick"], below)
    told = ", ".join(f"{tick}: {fixed(value, 1)}" for tick, value in zip(ticks, below, strict=True))
    return f"{arm} (n={len(bright)}), % at or below {told}"


def test_classes_at_the_quartiles_are_the_groups_of_the_subjects(output: Path, adam: Datasets) -> None:
    """The lines in the figure are the cut points of MESFGR1: a value on one belongs to the group below."""
    frame = pd.read_parquet(output / "results" / "F14_1_1.parquet")
    cuts = [frame.loc[frame["op_id"] == f"M_CONT.{name}", "stat"].item() for name in ("q1", "median", "q3")]
    adsl = adam("ADSL").dropna(subset=["MESFBL"])
    group = 1 + sum((adsl["MESFBL"] > cut).astype(int) for cut in cuts)
    assert ("Q" + group.astype(str)).tolist() == adsl["MESFGR1"].tolist()


@recomputes("F14_2_6")
def test_pairs_of_baseline_and_relapse(whole: Whole, output: Path, adam: Datasets) -> None:
    adcp, adsl, lines, figure = adam("ADCP"), adam("ADSL"), said(output, "F14_2_6"), whole("F14_2_6")
    who = adsl.loc[(adsl["RESPFL"] == "Y") & (adsl["TRT01PN"] == 1), "USUBJID"]
    figure.numbers(figure.results[figure.results["analysis_id"] == "A_F14_2_6_000"], [len(who)])
    for parameter, digits, panel in (("CD22POS", 1, "010"), ("CD22MESF", 0, "020")):
        own = adcp[adcp["USUBJID"].isin(who) & (adcp["PARAMCD"] == parameter)]
        before = own[own["ABLFL"] == "Y"].set_index("USUBJID")["AVAL"]
        after = own[own["AVISIT"] == "RELAPSE"].set_index("USUBJID")["AVAL"]
        pairs = pd.concat([before, after], axis=1, keys=["before", "after"]).dropna().sort_index()
        medians = [fixed(pairs[name].median(), digits) for name in pairs]
        listed = "; ".join(f"{fixed(row.before, digits)} to {fixed(row.after, digits)}" for row in pairs.itertuples())
        assert (
            f"InO: {len(pairs)} of {len(who)} with both, median {medians[0]} to {medians[1]}. "
            f"Subjects, Baseline to Relapse: {listed}."
        ) in lines
        assert len(pairs) > 20
        stored = figure.results[figure.results["analysis_id"] == f"A_F14_2_6_{panel}"]
        check_known(figure, pairs["before"].reindex(who), stored)
        figure.numbers(stored[stored["method_id"] == "M_CONT"], [pairs["before"].median(), pairs["after"].median()])
        for place, name in enumerate(pairs, 1):
            points = stored[stored["op_id"] == f"M_PAIRED.value_{place}"]
            assert points["g2_level"].tolist() == pairs.index.tolist()
            figure.numbers(points, pairs[name])


@recomputes("F14_2_7")
def test_bars_and_marks_of_the_responders(whole: Whole, output: Path, adam: Datasets) -> None:
    adsl, adrs = adam("ADSL"), adam("ADRS")
    survival = adam("ADTTE")[lambda all_: all_["PARAMCD"] == "OS"].set_index("USUBJID")
    dates = {
        name: adrs[adrs["PARAMCD"] == name].set_index("USUBJID")["ADT"].dropna() for name in ("CRCRIINV", "RELAPSE")
    }

    def month(date: pd.Timestamp, subject: pd.Series) -> str:
        days = (date - subject["RANDDT"]).days
        return fixed((days + (days >= 0)) / 30.4375, 1)

    def line(subject: pd.Series) -> str:
        name, row = subject["USUBJID"], survival.loc[subject["USUBJID"]]
        marks = {
            "CR/CRi": dates["CRCRIINV"].get(name, pd.NaT),
            "Relapse": dates["RELAPSE"].get(name, pd.NaT),
            "HSCT": subject["HSCTDT"],
            "New therapy": subject["NEWTRTDT"],
        }
        told = [f"{label} {month(date, subject)}" for label, date in marks.items() if pd.notna(date)]
        alive = ", Alive at last contact" if row["CNSR"] > 0 else ""
        return f"{subject['SUBJID']}: {fixed(row['AVAL'] / 30.4375, 1)}{alive}" + (
            f"; {', '.join(told)}" if told else ""
        )

    wanted = []
    for number in ARMS:
        arm = adsl[(adsl["RESPFL"] == "Y") & (adsl["TRT01PN"] == number)].sort_values("USUBJID")
        arm = arm.assign(LENGTH=survival["AVAL"].reindex(arm["USUBJID"]).to_numpy())
        wanted += [line(subject) for _, subject in arm.sort_values("LENGTH", ascending=False, kind="stable").iterrows()]
    printed = [text for text in said(output, "F14_2_7") if text[:4].isdigit()]
    assert printed == wanted
    assert len(printed) == (adsl["RESPFL"] == "Y").sum()
    figure = whole("F14_2_7")
    names, bars = adsl.set_index("SUBJID")["USUBJID"], figure.results[figure.results["method_id"] == "M_SWIMMER"]
    of_subject = dict(iter(bars.groupby("g2_level")))
    for text in printed:
        own = of_subject.pop(names[text.split(":")[0]])
        figure.told(text.split(": ", 1)[1], own[own["op_id"].str.contains("length|mark")])
        ongoing = own[own["op_id"] == "M_SWIMMER.ongoing"]
        figure.numbers(ongoing, [float("Alive" in text)])
        assert own.loc[own["op_id"] == "M_SWIMMER.name", "stat_c"].tolist() == [text.split(":")[0]]
        figure.cells([own.loc[own["op_id"] == "M_SWIMMER.name", "result_id"]])
    assert not of_subject
    sizes = figure.results[figure.results["analysis_id"] == "A_F14_2_7_000"]
    figure.numbers(sizes, [int((adsl.loc[adsl["RESPFL"] == "Y", "TRT01PN"] == number).sum()) for number in ARMS])


@recomputes("F14_2_8")
def test_bars_of_marrow_blasts(whole: Whole, output: Path, adam: Datasets) -> None:
    best, adsl, lines = adam("ADBM")[lambda all_: all_["PARAMCD"] == "BMBEST"], adam("ADSL"), said(output, "F14_2_8")
    figure = whole("F14_2_8")
    for number, arm in ARMS.items():
        changes = best.loc[best["TRT01PN"] == number, "AVAL"].sort_values(ascending=False)
        total = int((adsl["TRT01PN"] == number).sum())
        head = f"{arm} (n={len(changes)} of {total}). Best change from baseline (%): "
        found = next(text for text in lines if text.startswith(head))
        assert found == head + ", ".join(fixed(change, 1) for change in changes) + "."
        assert lines[lines.index(found) + 1] == f"Missing: {total - len(changes)}."
        own = figure.results[figure.results["g1_level"] == arm]
        figure.numbers(own[own["analysis_id"] == "A_F14_2_8_000"], [total])
        figure.numbers(own[own["method_id"] == "M_WATERFALL"], changes)
        known = best[best["TRT01PN"] == number].set_index("USUBJID")["AVAL"]
        check_known(figure, known.reindex(adsl.loc[adsl["TRT01PN"] == number, "USUBJID"]), own)


def test_every_point_leads_to_one_record_with_its_value(output: Path, adam: Datasets) -> None:
    """A bar of the waterfall and a point of the pairs: the record behind it holds the number."""
    for name, statistic, dataset in (
        ("F14_2_8", "M_WATERFALL.value", "ADBM"),
        ("F14_2_6", "M_PAIRED.value_1", "ADCP"),
        ("F14_2_6", "M_PAIRED.value_2", "ADCP"),
    ):
        results, members = (pd.read_parquet(output / "results" / f"{name}{kind}.parquet") for kind in ("", ".members"))
        frame, points = adam(dataset), results[results["op_id"] == statistic].merge(members, on="member_id")
        points["keyseq"] = points["keyseq"].astype(int)
        found = points.merge(frame, left_on=["usubjid", "keyseq"], right_on=["USUBJID", "ASEQ"])
        assert len(found) == len(points) == (results["op_id"] == statistic).sum()
        assert found["stat"].tolist() == found["AVAL"].tolist()
        assert found["g2_level"].tolist() == found["USUBJID"].tolist()
