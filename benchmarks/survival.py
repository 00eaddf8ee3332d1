"""Kaplan-Meier, log-rank and Cox against R's survival package: CPU seconds on the same data, in one run.

    python benchmarks/survival.py [SUBJECTS] [REPEATS]

Prints the median CPU time of each method here and in R, their ratio, and how far the answers differ. Without Rscript
and its survival package only our own times are printed.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from sdtm2adam.analysis.regression import Model
from sdtm2adam.analysis.survival import cox, cox_model, kaplan_meier, log_rank, quantile, split_at

R_SCRIPT = """
suppressMessages(library(survival))
arguments <- commandArgs(TRUE)
d <- read.csv(arguments[1]); repeats <- as.integer(arguments[2])
cpu <- function(f) median(sapply(seq_len(repeats), function(i) sum(system.time(f())[c(1, 2)])))
s <- Surv(d$time, d$event)
km <- function() quantile(survfit(s ~ 1, conf.type = "log-log"), 0.5)$quantile
lr <- function() survdiff(s ~ d$arm)$chisq
hr <- function() coef(coxph(s ~ d$arm, ties = "efron"))
st <- function() coef(coxph(s ~ d$arm + strata(d$strata), ties = "efron"))
d$line <- factor(d$line)
many <- function() sum(coef(coxph(s ~ arm + age + sex + line, d, ties = "efron")))
d$id <- seq_len(nrow(d)); cut <- d[!is.na(d$change), ]
rows <- tmerge(tmerge(d, d, id = id, death = event(time, event)), cut, id = id, hsct = tdc(change))
later <- function() sum(coef(coxph(Surv(tstart, tstop, death) ~ arm + age + sex + line + hsct, rows)))
methods <- list("Kaplan-Meier, median" = km, "log-rank" = lr, "Cox" = hr, "Cox, 8 strata" = st,
                "Cox, 5 terms" = many, "Cox, 6 terms, one in time" = later)
for (name in names(methods))
  cat(sprintf("%s;%.4f;%.12g\\n", name, cpu(methods[[name]]), as.numeric(methods[[name]]())))
"""


def simulate(subjects: int, days: bool) -> dict[str, np.ndarray]:
    """Exponential survival with uniform censoring; in whole days (heavy ties) or without ties."""
    random = np.random.default_rng(20260308)
    arm, strata = random.integers(0, 2, subjects), random.integers(0, 8, subjects)
    event_time = random.exponential(300 * np.where(arm == 1, 1.3, 1.0))
    censoring = random.uniform(30, 1000, subjects)
    months = np.minimum(event_time, censoring)
    changes = random.uniform(0, 12, subjects)
    return {
        "time": np.ceil(months) / 30.4375 if days else months / 30.4375,
        "event": (event_time <= censoring).astype(int),
        "arm": arm,
        "strata": strata,
        "age": random.integers(18, 80, subjects).astype(float),
        "sex": random.integers(0, 2, subjects),
        "line": random.choice(["CR", "CRi", "NR"], subjects),
        "change": np.where(changes < 4, np.ceil(changes * 30.4375) / 30.4375, np.nan),
    }


def ours(trial: dict[str, np.ndarray]) -> dict[str, Callable[[], float]]:
    """The methods, each returning the number that R's gives too."""
    t, e, a, s = trial["time"], trial["event"], trial["arm"], trial["strata"]
    several = {name: trial[name] for name in ("arm", "age", "sex", "line")}
    rows = split_at(t, e, trial["change"])
    later = {name: values[rows.subject] for name, values in several.items()} | {"hsct": rows.changed}
    in_time = {"start": rows.start, "subject": rows.subject}
    return {
        "Kaplan-Meier, median": lambda: quantile(kaplan_meier(t, e), 0.5).estimate,
        "log-rank": lambda: log_rank(t, e, a).statistic ** 2,
        "Cox": lambda: np.log(cox(t, e, a).estimate),
        "Cox, 8 strata": lambda: np.log(cox(t, e, a, s).estimate),
        "Cox, 5 terms": lambda: coefficients(cox_model(t, e, several)),
        "Cox, 6 terms, one in time": lambda: coefficients(cox_model(rows.stop, rows.event, later, **in_time)),
    }


def coefficients(model: Model) -> float:
    """The sum of all coefficients."""
    return float(sum(np.log(each.ratio.estimate) for each in model.effects))


def cpu(method: Callable[[], float], repeats: int) -> float:
    """Median CPU seconds of a method, over all threads."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        method()
        seconds.append(time.process_time() - start)
    return median(seconds)


def blank(column: np.ndarray) -> list[object]:
    """The values for a file, missing ones as NA."""
    return ["NA" if value != value else value for value in column.tolist()]


def in_r(trial: dict[str, np.ndarray], repeats: int) -> dict[str, tuple[float, float]]:
    """CPU seconds and answer of each method in R; empty where R or its survival package is missing."""
    if not shutil.which("Rscript"):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        script, table = Path(folder, "survival.R"), Path(folder, "trial.csv")
        script.write_text(R_SCRIPT, encoding="utf-8")
        with table.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(trial)
            rows.writerows(zip(*(blank(column) for column in trial.values()), strict=True))
        command = ["Rscript", "--vanilla", str(script), str(table), str(repeats)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.split(";") for line in run.stdout.splitlines()]
    return {name: (float(seconds), float(answer)) for name, seconds, answer in lines}


def main(subjects: int = 200_000, repeats: int = 5) -> None:
    """Run both, print both."""
    for days in (False, True):
        trial = simulate(subjects, days)
        reference = in_r(trial, repeats)
        print(f"\n{subjects:,} subjects, {'whole days' if days else 'no ties'}: CPU seconds, median of {repeats}")
        print(f"{'method':<27}{'here':>8}{'R':>8}{'here/R':>8}  relative difference of the answers")
        for name, method in ours(trial).items():
            seconds, (r_seconds, r_answer) = cpu(method, repeats), reference.get(name, (np.nan, np.nan))
            apart = abs(method() / r_answer - 1)
            print(f"{name:<27}{seconds:>8.3f}{r_seconds:>8.3f}{seconds / r_seconds:>8.2f}  {apart:.1e}")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
