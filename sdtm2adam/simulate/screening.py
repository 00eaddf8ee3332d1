"""Who is screened, where, and under which subject number: the randomised and the screen failures."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from sdtm2adam.simulate import baseline, headline
from sdtm2adam.simulate.parameters import read_parameters
from sdtm2adam.simulate.streams import Columns, Floats, Ints, Streams
from sdtm2adam.simulate.text import Text, epoch_day, join, numbers
from sdtm2adam.simulate.truth import Trial

_MOST_FAILURES = 3  # before one randomised subject
_FIRST_SITE = 1001
COUNTRIES = (
    ("USA", 40), ("FRA", 9), ("ESP", 8), ("DEU", 7), ("ITA", 7), ("GBR", 6), ("CAN", 6), ("JPN", 6), ("POL", 4),
    ("CZE", 4), ("HUN", 3), ("AUS", 3), ("KOR", 3), ("CHN", 3), ("TWN", 2), ("SGP", 2), ("NLD", 1), ("SWE", 1),
    ("FIN", 1), ("HRV", 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cohort:
    """Screened subjects that go through the same forms: the randomised, or the screen failures.

    `truth` has one element per subject. `number` is the place of each among all screened; it makes record ids that
    no larger trial moves. `subject` is the text of SUBJECT, `site` counts from 0, `day_zero` is the day of
    randomisation in days from 1970. `rows` are the subjects' places in the random streams.
    """

    streams: Streams
    truth: Columns
    rows: Ints
    number: Ints
    subject: Text
    site: Ints
    day_zero: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def uniform(self, stage: str, draws: int) -> Floats:
        """Uniform numbers of a stage, one row per subject."""
        if not len(self.rows):
            return np.empty((0, draws))
        first = int(self.rows[0])
        drawn = self.streams.uniform(stage, int(self.rows[-1]) - first + 1, draws, start=first)
        return np.asarray(drawn[self.rows - first], dtype=np.float64)

    def part(self, start: int, stop: int) -> "Cohort":
        """The subjects from `start` to before `stop`."""
        cut = slice(start, stop)
        return replace(
            self,
            truth={name: values[cut] for name, values in self.truth.items()},
            rows=self.rows[cut],
            number=self.number[cut],
            subject=self.subject[cut],
            site=self.site[cut],
            day_zero=self.day_zero[cut],
        )


def screen(trial: Trial) -> tuple[Cohort, Cohort, Ints]:
    """The randomised, the screen failures, and how many failures come before each randomised subject (cumulated)."""
    n, streams = trial.subjects, trial.streams
    u = streams.uniform("screening", n, 2).T
    share = read_parameters("design")["screen_failure"]
    failures = np.minimum(np.floor(np.log1p(-u[0]) / np.log(share)), _MOST_FAILURES).astype(np.int64)
    before = np.cumsum(failures)
    failed = np.flatnonzero((np.arange(_MOST_FAILURES) < failures[:, None]).ravel())
    owner = failed // _MOST_FAILURES
    number = np.r_[np.arange(n) + before, (np.arange(n) + before - failures)[owner] + failed % _MOST_FAILURES]
    weights = np.cumsum(1 / (np.arange(read_parameters("design")["sites"]) + 8))
    site = np.searchsorted(weights / weights[-1], u[1]).astype(np.int64)
    site = np.r_[site, site[owner]]
    names = _subject_numbers(number, site)
    zero = epoch_day(read_parameters("design")["first_randomised"]) + trial.truth["accrual_day"]
    others = Streams(trial.seed, "screen failure ")
    lost = _draw_failures(others, n * _MOST_FAILURES, failed)
    randomised = Cohort(streams, _seen(trial.truth), np.arange(n), number[:n], names[:n], site[:n], zero)
    return randomised, Cohort(others, lost, failed, number[n:], names[n:], site[n:], zero[owner]), before


def _subject_numbers(number: Ints, site: Ints) -> Text:
    """SUBJECT: the site, and at least four digits that count the screened subjects of the site."""
    order = np.argsort(number)
    place = np.empty(len(number), dtype=np.int64)
    place[order] = baseline.count_before(site[order]) + 1
    return join(numbers(site + _FIRST_SITE), "-", pc.utf8_lpad(numbers(place), 4, "0"))


def _seen(truth: Columns) -> Columns:
    """The truth with what can be seen of it."""
    return (
        truth
        | headline.see_survival(truth)
        | {
            "until": headline.observed_until(truth),
            "eot_day": headline.end_of_treatment_day(truth),
            "assessed_in": headline.in_treatment(truth),
        }
    )


def _draw_failures(streams: Streams, slots: int, used: Ints) -> Columns:
    """The screen failures as they are at screening; nothing is known of them later."""
    everyone = baseline.draw_baseline(streams, slots)
    everyone["consent_day"] = baseline.draw_calendar(streams, slots)["consent_day"]
    everyone |= baseline.draw_features(streams, everyone)
    drawn = {name: values[used] for name, values in everyone.items()}
    none = np.zeros(len(used))
    return drawn | {"until": none, "treated": none > 0, "responder": none > 0, "arm": none.astype(np.int64) - 1}


def site_countries() -> list[str]:
    """The country of each site: the sites of a country lie apart, so that large and small ones are mixed."""
    repeated = [country for country, share in COUNTRIES for _ in range(share)]
    sites = read_parameters("design")["sites"]
    return [repeated[(index * 53) % len(repeated)] for index in range(sites)]


def site_numbers() -> list[str]:
    """The numbers of the sites, as the first four characters of SUBJECT."""
    return [str(_FIRST_SITE + index) for index in range(read_parameters("design")["sites"])]


def is_in(cohort: Cohort, countries: set[str]) -> np.ndarray:
    """Which subjects are at a site of these countries."""
    return np.array([country in countries for country in site_countries()])[cohort.site]


def body_surface(height_cm: Floats, weight_kg: Floats) -> Floats:
    """Body surface area in m2 by Mosteller's formula, rounded to two decimals.

    Source: Mosteller RD. N Engl J Med 1987;317:1098.
    """
    return np.asarray(np.rint(100 * np.sqrt(height_cm * weight_kg / 3600)) / 100)
