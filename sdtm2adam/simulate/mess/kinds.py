"""The kinds of mess, each with its number in the design, its name and what is expected of a pipeline."""

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.errors import UsageError, nearest
from sdtm2adam.simulate.mess import commas, dates, deaths, dosing, drift, feeds, labels, labs, repeats, subjects
from sdtm2adam.simulate.mess.scene import Scene

REPORT, NORMALISE, KEEP = "report", "normalise", "keep"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mess: `expect` is what a pipeline is to do with its records, `plant` plants it.

    A kind without `plant` is no matter of single records: how some sites write numbers is done last (`commas`), and
    what changes in a later transfer is done to that (`drift`).
    """

    number: int
    name: str
    expect: str
    plant: Callable[[Scene], None] | None


KINDS: tuple[Kind, ...] = (
    Kind(1, "partial-date", NORMALISE, dates.partial_dates),
    Kind(2, "impossible-date", REPORT, dates.impossible_dates),
    Kind(3, "end-before-start", REPORT, dates.end_before_start),
    Kind(4, "unit-mix", REPORT, labs.mixed_counts),
    Kind(5, "unit-mix-chemistry", REPORT, labs.mixed_chemistry),
    Kind(6, "unit-wrong", REPORT, labs.wrong_units),
    Kind(7, "text-result", REPORT, labs.text_results),
    Kind(8, commas.NAME, NORMALISE, None),
    Kind(9, "duplicate", REPORT, repeats.saved_twice),
    Kind(10, "repeat-draw", KEEP, repeats.drawn_again),
    Kind(11, "own-words", REPORT, labels.own_words),
    Kind(12, "untidy-text", NORMALISE, labels.untidy_texts),
    Kind(13, "code-mismatch", REPORT, labels.wrong_codes),
    Kind(14, "wrong-visit", REPORT, repeats.wrong_visits),
    Kind(15, "death-date", REPORT, deaths.death_dates),
    Kind(16, "after-death", REPORT, deaths.after_death),
    Kind(17, "stratum", KEEP, subjects.strata),
    Kind(18, "fatal-event", REPORT, deaths.fatal_without_form),
    Kind(19, "serious-reason", REPORT, labels.unfit_reasons),
    Kind(20, "last-dose", REPORT, dosing.last_dose),
    Kind(21, "dose-unit", REPORT, dosing.dose_per_surface),
    Kind(22, "past-midnight", KEEP, dates.past_midnight),
    Kind(23, "screened-twice", REPORT, subjects.screened_twice),
    Kind(24, "screen-failure", KEEP, subjects.screen_failures),
    Kind(25, "never-dosed", KEEP, subjects.never_dosed),
    Kind(26, "central-sample", REPORT, feeds.central_samples),
    Kind(27, "committee", REPORT, feeds.committee),
    Kind(28, "no-mrd", KEEP, feeds.unmeasured_disease),
    Kind(29, "orphan-subject", REPORT, subjects.mistyped),
    Kind(30, drift.NAME, REPORT, None),
    Kind(31, "soft-deleted", REPORT, repeats.soft_deleted),
    Kind(32, "split-event", KEEP, repeats.split_events),
    Kind(33, "long-text", REPORT, labels.long_texts),
    Kind(34, "clock-24", NORMALISE, dates.clock_24),
    Kind(35, "open-query", KEEP, feeds.open_queries),
)

_ORDER = (
    23, 29, 28, 26, 18, 15, 16, 20, 21, 22, 34, 31, 33, 19, 11, 3, 6, 9, 10, 14, 13, 2, 7, 32, 1, 12, 4, 5,
    17, 24, 25, 27, 35, 8, 30,
)  # fmt: skip
"""In what order they choose: the rarest first, so that they find their records."""


def in_order() -> list[Kind]:
    """All kinds in the order in which they choose."""
    by_number = {kind.number: kind for kind in KINDS}
    return [by_number[number] for number in _ORDER]


def choose_kinds(text: str) -> tuple[Kind, ...]:
    """The kinds that a level names: `none`, `all`, or numbers and names with commas between them.

    >>> [kind.name for kind in choose_kinds("3, partial-date")]
    ['partial-date', 'end-before-start']

    Raises:
        UsageError: a word is no kind.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if words in (["none"], []):
        return ()
    if words == ["all"]:
        return KINDS
    known = {name: kind for kind in KINDS for name in (kind.name, str(kind.number))}
    for word in words:
        if word not in known:
            mend = nearest(word, [kind.name for kind in KINDS]) + " Or a number from 1 to 35, `all` or `none`"
            raise UsageError(f"no kind of mess is called {word!r}", where="--mess", mend=mend)
    chosen = {known[word].number for word in words}
    return tuple(kind for kind in KINDS if kind.number in chosen)
