"""The tables of safety agree with each other, with their results, and with the deaths of the table of survival."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from safety_frames import SAFETY
from test_outputs_agree import numbers, sizes, written_display, written_results
from written_files import body_rows

Datasets = Callable[[str], pd.DataFrame]


def rows(output: Path, name: str) -> list[list[str]]:
    """The rows of a table, wrapped labels in one line."""
    return [[re.sub(r"\n *", " ", label), *cells] for label, *cells in body_rows(output / "tlf" / f"{name}.docx")]


def by_label(output: Path, name: str) -> dict[str, list[str]]:
    """The rows of a table by their labels; of rows with one label the first."""
    found: dict[str, list[str]] = {}
    for label, *cells in rows(output, name):
        found.setdefault(label.strip(), cells)
    return found


def by_path(output: Path, name: str) -> dict[tuple[str, ...], list[str]]:
    """The rows of a table by their label and those above it."""
    found: dict[tuple[str, ...], list[str]] = {}
    above: list[tuple[int, str]] = []
    for label, *cells in rows(output, name):
        depth = len(label) - len(label.lstrip())
        above = [*((at, text) for at, text in above if at < depth), (depth, label.strip())]
        found[tuple(text for _, text in above)] = cells
    return found


def members(output: Path, name: str, label: str) -> list[set[str]]:
    """The subjects behind the counts of a row, column by column."""
    held = written_results(output, name)
    display = written_display(output, name)
    at = [row[0].strip() for row in rows(output, name) if any(row[1:])].index(label)
    owners = held.frame.set_index("result_id")["member_id"]
    who = held.members.groupby("member_id")["usubjid"].agg(set)
    return [who.get(owners[cell.result_ids[0]], set()) for cell in display.sections[0].rows[at].cells]


def test_column_n_is_that_of_the_safety_population(output: Path, adam: Datasets) -> None:
    adsl = adam("ADSL")[lambda all_: all_["SAFFL"] == "Y"]
    n = [
        int(((adsl["TRT01AN"] == arm) & (adsl["CD22GR1N"].isin([group] if group else [1, 2, 9]))).sum())
        for group in (1, 2, 0)
        for arm in (1, 2)
    ]
    assert n[4:] == [164, 143]
    for name in SAFETY:
        if name != "T14_3_2_7":
            assert sizes(output, name) == n, name


@pytest.mark.parametrize(
    ("label", "name", "path"),
    [
        ("TEAE", "T14_3_2_2", ("Any TEAE",)),
        ("Grade ≥3 TEAE", "T14_3_2_2", ("Any TEAE", "Grade ≥3")),
        ("TEAE", "T14_3_2_3", ("Any TEAE",)),
        ("TEAE leading to death (grade 5)", "T14_3_2_3", ("Any TEAE", "Grade 5")),
        ("Haematological TEAE, grade ≥3 [a]", "T14_3_2_4", ("Haematological, n (%) [a]", "Any", "Grade ≥3")),
        ("Hepatobiliary TEAE, any grade [a]", "T14_3_2_4", ("Hepatobiliary, n (%) [a]", "Any")),
        ("Hepatobiliary TEAE, grade ≥3 [a]", "T14_3_2_4", ("Hepatobiliary, n (%) [a]", "Any", "Grade ≥3")),
        ("Serious TEAE", "T14_3_2_5", ("Any serious TEAE",)),
        ("TEAE leading to permanent discontinuation", "T14_3_2_6", ("TEAE leading to permanent discontinuation",)),
        ("TEAE leading to interruption or delay", "T14_3_2_6", ("TEAE leading to interruption or delay",)),
        ("TEAE leading to dose reduction", "T14_3_2_6", ("TEAE leading to dose reduction",)),
        ("VOD/SOS at any time [b]", "T14_3_3", ("VOD/SOS, n (%)",)),
    ],
)
def test_the_overview_says_what_the_tables_say(output: Path, label: str, name: str, path: tuple[str, ...]) -> None:
    assert by_label(output, "T14_3_2_1")[label] == by_path(output, name)[path]


def test_maximum_grades_from_3_on_are_grade_3_or_higher(output: Path) -> None:
    graded, severe = by_path(output, "T14_3_2_3"), by_path(output, "T14_3_2_2")
    paths = [path for path in severe if path[-1] != "Grade ≥3"]
    assert paths == [path for path in graded if not path[-1].startswith("Grade ")]
    for path in paths:
        assert graded[path] == severe[path]
        counts = {at: numbers(graded[(*path, f"Grade {at}")]) for at in range(1, 6)}
        from_3_on = [sum(cells) for cells in zip(counts[3], counts[4], counts[5], strict=True)]
        assert from_3_on == numbers(severe[(*path, "Grade ≥3")]), path
        missing = numbers(graded.get((*path, "Grade missing"), ["0"] * 6))
        whole = [sum(cells) for cells in zip(*counts.values(), missing, strict=True)]
        assert whole == numbers(severe[path]), path


def test_clusters_of_one_term_are_its_rows(output: Path) -> None:
    clusters, terms = by_path(output, "T14_3_2_4"), by_path(output, "T14_3_2_2")
    found = {path[1:]: cells for path, cells in terms.items() if len(path) > 1}
    for cluster in ("Neutropenia", "Febrile neutropenia", "Thrombocytopenia", "Anaemia", "Leukopenia", "Lymphopenia"):
        for below in ((), ("Grade ≥3",)):
            assert clusters[("Haematological, n (%) [a]", cluster, *below)] == found[(cluster, *below)]


def test_rates_have_the_subjects_of_the_counts(output: Path) -> None:
    """Page group by page group: n of the rates is n of the table of counts."""
    counted, rated = rows(output, "T14_3_2_2"), rows(output, "T14_3_2_7")
    starts = [at for at, row in enumerate(rated) if row[0] == "Any TEAE"]
    pages = [rated[a:b] for a, b in zip(starts, [*starts[1:], len(rated)], strict=True)]
    assert len(pages) == 3
    for group, page in enumerate(pages):
        of_group = [[label, *cells[2 * group : 2 * group + 2]] for label, *cells in counted]
        levels = [numbers(cells) for _, *cells in of_group]
        above = [
            next(
                level
                for level, (label, *_) in zip(levels[at::-1], of_group[at::-1], strict=True)
                if "Grade" not in label
            )
            for at in range(len(levels))
        ]
        wanted = [
            [row[0], *map(str, level)] for row, level, whole in zip(of_group, levels, above, strict=True) if any(whole)
        ]
        assert [[label, *(cell.split()[0] for cell in cells)] for label, *cells in page] == wanted


def test_vod_is_the_cluster_and_what_came_after_the_period(output: Path, adam: Datasets) -> None:
    adae = adam("ADAE")[lambda all_: all_["ANL01FL"] == "Y"]
    emergent = set(adae.loc[adae["TRTEMFL"] == "Y", "USUBJID"])
    later = set(adae["USUBJID"]) - emergent
    assert later
    whole = members(output, "T14_3_3", "VOD/SOS, n (%)")
    cluster = members(output, "T14_3_2_4", "VOD/SOS")
    for all_of_column, in_period in zip(whole, cluster, strict=True):
        assert in_period <= all_of_column
        assert all_of_column - in_period <= later
        assert not in_period & later
    assert later == set().union(*whole[4:]) - set().union(*cluster[4:])


def test_parts_of_vod_are_within_the_whole(output: Path) -> None:
    """Grade 5 in grade 3 or higher; before and after HSCT together everyone; a day of onset for each."""
    table = [
        (label.strip(), numbers(cells))
        for label, *cells in rows(output, "T14_3_3")
        if re.match(r"\d+( \(|$)", cells[0])
    ]
    found = dict(reversed(table))
    onsets = [n for label, n in table if label == "n"]
    every, before = found["VOD/SOS, n (%)"], found["VOD/SOS without preceding HSCT, n (%)"]
    after, grafted = found["VOD/SOS after HSCT, n (%) [b]"], found["Subjects with HSCT after study treatment, N"]
    for small, large in (
        (found["Grade 5"], found["Grade ≥3"]),
        (found["Grade ≥3"], every),
        (before, every),
        (after, every),
        (after, grafted),
        (found["Fatal"], after),
        (every, [a + b for a, b in zip(before, after, strict=True)]),
        (found["VOD/SOS after HSCT, n (%) [c]"], found["HSCT with 2 alkylators in conditioning, N"]),
    ):
        assert all(a <= b for a, b in zip(small, large, strict=True))
    assert onsets == [before, after]


def test_rows_of_the_overview_are_within_each_other(output: Path) -> None:
    table = {label: numbers(cells) for label, cells in by_label(output, "T14_3_2_1").items() if cells[0]}
    for small, large in (
        ("Treatment-related TEAE", "TEAE"),
        ("Grade ≥3 TEAE", "TEAE"),
        ("Grade ≥3 treatment-related TEAE", "Grade ≥3 TEAE"),
        ("Grade ≥3 treatment-related TEAE", "Treatment-related TEAE"),
        ("Serious treatment-related TEAE", "Serious TEAE"),
        ("Serious TEAE", "TEAE"),
        ("TEAE leading to death (grade 5)", "Grade ≥3 TEAE"),
        ("Haematological TEAE, grade ≥3 [a]", "Grade ≥3 TEAE"),
        ("Hepatobiliary TEAE, grade ≥3 [a]", "Hepatobiliary TEAE, any grade [a]"),
        ("TEAE", "Number of TEAEs (events)"),
    ):
        assert all(a <= b for a, b in zip(table[small], table[large], strict=True)), small


def test_events_of_grade_5_are_deaths(output: Path) -> None:
    """Whoever has a fatal event is dead; not each death has one."""
    fatal = members(output, "T14_3_2_1", "TEAE leading to death (grade 5)")
    died = members(output, "T14_3_4", "Deaths, n (%)")
    assert any(fatal)
    for event, death in zip(fatal, died, strict=True):
        assert event < death


def test_causes_and_times_of_death_sum_to_all_deaths(output: Path) -> None:
    table = {label: numbers(cells) for label, cells in by_label(output, "T14_3_4").items() if any(cells)}
    labels = list(table)
    near, far = labels.index("Within 42 days of last dose"), labels.index("More than 42 days after last dose")
    assert [a + b for a, b in zip(table[labels[near]], table[labels[far]], strict=True)] == table["Deaths, n (%)"]
    causes = labels[labels.index("Disease under study") : labels.index("Unknown") + 1]
    assert [sum(cells) for cells in zip(*(table[cause] for cause in causes), strict=True)] == table["Deaths, n (%)"]
    early = table["Within 30 days of first dose (early death)"]
    assert all(a <= b for a, b in zip(early, table[labels[near]], strict=True))


def test_deaths_of_the_safety_population_are_among_those_of_survival(output: Path) -> None:
    survival = members(output, "T14_2_6", "Events, n (%)")
    for all_deaths, of_treated in zip(
        [*survival[:4], *survival[6:]], members(output, "T14_3_4", "Deaths, n (%)"), strict=True
    ):
        assert of_treated <= all_deaths


def test_transplants_are_the_same_in_both_tables(output: Path) -> None:
    label = "Subjects with HSCT after study treatment, N"
    assert by_label(output, "T14_3_3")[label] == by_label(output, "T14_3_4")[label]


def test_exposure_counts_every_subject_dosed(output: Path) -> None:
    table, n = rows(output, "T14_3_1"), sizes(output, "T14_3_1")
    labels = [row[0] for row in table]
    assert table[1][1:] == list(map(str, n))
    first = labels.index("Cycles started, n (%)") + 1
    assert [sum(cells) for cells in zip(*(numbers(row[1:]) for row in table[first : first + 6]), strict=True)] == n
    regimens = [row[2::2] for row in table[labels.index("SC regimen received, n (%)") + 1 :]]
    assert [sum(cells) for cells in zip(*map(numbers, regimens), strict=True)] == n[1::2]
    of_inotuzumab = table[labels.index("At least one dose delayed, n (%)")]
    assert of_inotuzumab[2::2] == [""] * 3
