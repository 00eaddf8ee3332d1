"""The figures of distributions, pairs, swimmers and waterfalls, computed a second time from the written XPT files."""

from collections.abc import Callable
from pathlib import Path

import laws
import pandas as pd
import pytest
from printed_cells import fixed
from test_outputs_agree import written_display, written_results
from written_files import alternative_texts

Datasets = Callable[[str], pd.DataFrame]
NAMES = ("F14_1_1", "F14_2_6", "F14_2_7", "F14_2_8")
ARMS = {1: "InO", 2: "SC"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "law", [laws.identity, laws.law_2, laws.law_3, laws.law_4, laws.law_6], ids=lambda law: law.__name__
)
def test_a_law_of_results_holds_for_what_was_written(output: Path, name: str, law: Callable[..., None]) -> None:
    law(written_results(output, name), written_display(output, name))


def said(output: Path, name: str) -> list[str]:
    """The lines of the texts of all pictures of a figure."""
    texts = alternative_texts(output / "tlf" / f"{name}.docx")
    return [line for text in texts for line in text.split("\n")]


def percent(n: int, total: int) -> str:
    return "0" if n == 0 else fixed(100 * n / total, 1)


def middle(values: pd.Series, share: float) -> float:
    """A quartile by definition 5 of SAS."""
    ordered, place = sorted(values), len(values) * share
    whole = int(place)
    return (ordered[whole - 1] + ordered[whole]) / 2 if place == whole else ordered[whole]


def test_distribution_of_baseline_cd22(output: Path, adam: Datasets) -> None:
    adsl, lines = adam("ADSL"), said(output, "F14_1_1")
    for number, arm in ARMS.items():
        shares = adsl.loc[adsl["TRT01PN"] == number, "CD22BL"].dropna()
        classes = [shares[(shares >= low) & (shares < low + 10)] for low in range(0, 90, 10)]
        classes.append(shares[(shares >= 90) & (shares <= 100)])
        heads = [f"[{low}, {low + 10})" for low in range(0, 90, 10)] + ["[90, 100]"]
        parts = ", ".join(
            f"{head} {percent(len(part), len(shares))}" for head, part in zip(heads, classes, strict=True)
        )
        assert f"{arm} (n={len(shares)}), %: {parts}" in lines
        bright = adsl.loc[adsl["TRT01PN"] == number, "MESFBL"].dropna()
        below = ", ".join(f"{tick}: {fixed(100 * (bright <= tick).mean(), 1)}" for tick in (100, 1000, 10000, 100000))
        assert f"{arm} (n={len(bright)}), % at or below {below}" in lines
    everyone = adsl["MESFBL"].dropna()
    cuts = ", ".join(fixed(middle(everyone, share), 0) for share in (0.25, 0.5, 0.75))
    assert f"Quartiles, arms pooled: {cuts}." in lines
    missing = [int((adsl.loc[adsl["TRT01PN"] == number, "CD22BL"]).isna().sum()) for number in ARMS]
    assert lines.count(f"Missing: InO {missing[0]}, SC {missing[1]}.") == 2


def test_classes_at_the_quartiles_are_the_groups_of_the_subjects(output: Path, adam: Datasets) -> None:
    """The lines in the figure are the cut points of MESFGR1: a value on one belongs to the group below."""
    frame = written_results(output, "F14_1_1").frame
    cuts = [frame.loc[frame["op_id"] == f"M_CONT.{name}", "stat"].item() for name in ("q1", "median", "q3")]
    adsl = adam("ADSL").dropna(subset=["MESFBL"])
    group = 1 + sum((adsl["MESFBL"] > cut).astype(int) for cut in cuts)
    assert ("Q" + group.astype(str)).tolist() == adsl["MESFGR1"].tolist()


def test_every_step_of_the_distribution(output: Path, adam: Datasets) -> None:
    frame, adsl = written_results(output, "F14_1_1").frame, adam("ADSL")
    for number, arm in ARMS.items():
        own = adsl.loc[adsl["TRT01PN"] == number, "MESFBL"].dropna()
        steps = frame[(frame["op_id"] == "M_ECDF.estimate") & (frame["g1_level"] == arm)].set_index("g2_leveln")["stat"]
        assert steps.index.tolist() == sorted(own.unique())
        assert steps.tolist() == pytest.approx([100 * (own <= value).mean() for value in steps.index])


def test_pairs_of_baseline_and_relapse(output: Path, adam: Datasets) -> None:
    adcp, adsl, lines = adam("ADCP"), adam("ADSL"), said(output, "F14_2_6")
    who = adsl.loc[(adsl["RESPFL"] == "Y") & (adsl["TRT01PN"] == 1), "USUBJID"]
    for parameter, digits in (("CD22POS", 1), ("CD22MESF", 0)):
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


def test_bars_and_marks_of_the_responders(output: Path, adam: Datasets) -> None:
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


def test_bars_of_marrow_blasts(output: Path, adam: Datasets) -> None:
    best, adsl, lines = adam("ADBM")[lambda all_: all_["PARAMCD"] == "BMBEST"], adam("ADSL"), said(output, "F14_2_8")
    for number, arm in ARMS.items():
        changes = best.loc[best["TRT01PN"] == number, "AVAL"].sort_values(ascending=False)
        total = int((adsl["TRT01PN"] == number).sum())
        head = f"{arm} (n={len(changes)} of {total}). Best change from baseline (%): "
        found = next(text for text in lines if text.startswith(head))
        assert found == head + ", ".join(fixed(change, 1) for change in changes) + "."
        assert lines[lines.index(found) + 1] == f"Missing: {total - len(changes)}."


def test_every_point_leads_to_one_record_with_its_value(output: Path, adam: Datasets) -> None:
    """A bar of the waterfall and a point of the pairs: the record behind it holds the number."""
    for name, statistic, dataset in (
        ("F14_2_8", "M_WATERFALL.value", "ADBM"),
        ("F14_2_6", "M_PAIRED.value_1", "ADCP"),
        ("F14_2_6", "M_PAIRED.value_2", "ADCP"),
    ):
        results, frame = written_results(output, name), adam(dataset)
        points = results.frame[results.frame["op_id"] == statistic].merge(results.members, on="member_id")
        points["keyseq"] = points["keyseq"].astype(int)
        found = points.merge(frame, left_on=["usubjid", "keyseq"], right_on=["USUBJID", "ASEQ"])
        assert len(found) == len(points) == (results.frame["op_id"] == statistic).sum()
        assert found["stat"].tolist() == found["AVAL"].tolist()
        assert found["g2_level"].tolist() == found["USUBJID"].tolist()
