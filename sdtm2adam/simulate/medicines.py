"""Medical history, prior therapy and concomitant medication, and the feed that codes them with adverse events."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.ending import unanswered
from sdtm2adam.simulate.entry import history_days, partial_dates
from sdtm2adam.simulate.events import Events, catalogue
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.rows import LOG, absolute, assemble, first_of_each, table
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Floats, whole
from sdtm2adam.simulate.terms import read_terms
from sdtm2adam.simulate.text import choose, dates, labels, numbers, yes_no
from sdtm2adam.simulate.visits import D1, Visits

_DX = {"AE": "AETERM", "MH": "MHTERM"}
_DRUGS = {"CM": "CMTRT", "PRTX": "DRUG", "FUTX": "FTTRT"}


def medical_history(cohort: Cohort) -> pa.Table:
    """MH: the gate, then one row per condition; liver disease is asked of everyone on the first row."""
    items, truth = read_terms()["medical_history"], cohort.truth
    n, m = len(cohort), len(items)
    u = cohort.uniform("medical history", 3 * m).reshape(n, m, 3)
    has = u[:, :, 0] < np.array([item[3] for item in items]) / 100
    has[:, -1] = truth["liver_disease"]
    who, item = np.nonzero(has)
    healthy = np.flatnonzero(~has.any(axis=1))
    rows = np.r_[who, healthy]
    condition = np.r_[np.ones(len(who), dtype=bool), np.zeros(len(healthy), dtype=bool)]
    draws = np.r_[u[who, item], np.ones((len(healthy), 3)) * 0.5].T
    start = truth["consent_day"][rows] - whole(draws[1], 60, 5000)
    ongoing = draws[2] < 0.75
    end = np.minimum(start + 300, truth["consent_day"][rows] - 1)
    order = np.argsort(rows, kind="stable")
    first = np.zeros(len(rows), dtype=bool)
    first[order] = np.r_[True, rows[order][1:] != rows[order][:-1]]
    blank = pa.nulls(len(rows), pa.string())
    fields = {
        "MHYN": yes_no(condition),
        "MHTERM": labels([each[1] for each in items], np.r_[item, np.zeros(len(healthy))], condition),
        "MHSTDAT": choose(condition, partial_dates(absolute(cohort, rows, start), draws[2]), blank),
        "MHENDAT": dates(np.where(condition & ~ongoing, absolute(cohort, rows, end), np.inf)),
        "MHONGO": yes_no(ongoing, condition),
        "MHGRADE": labels(["Grade 1", "Grade 2"], draws[1] < 0.3, condition & ongoing),
        "LIVDIS": yes_no(truth["liver_disease"][rows], first),
    }
    return assemble(cohort, "MH", rows, truth["consent_day"][rows], LOG, fields)


def prior_therapy(cohort: Cohort) -> pa.Table:
    """PRTX: one row per regimen and drug: induction, consolidation, salvage; dates are often partial."""
    regimens, truth = read_terms()["prior_regimens"], cohort.truth
    story = history_days(cohort)
    drugs = [*regimens["induction"], regimens["ph_positive"], *regimens["consolidation"], *regimens["salvage"]]
    induction, consolidation = len(regimens["induction"]) + 1, len(regimens["consolidation"])
    number = np.array([1] * induction + [2] * consolidation + [3] * len(regimens["salvage"]))
    has = np.ones((len(cohort), len(drugs)), dtype=bool)
    has[:, induction - 1] = truth["ph_positive"]
    has[:, number == 3] = truth["salvage_2"][:, None]
    who, drug = np.nonzero(has)
    line = number[drug] - 1
    start = np.column_stack([story["diagnosis"] + 3, story["remission"] + 10, story["relapse"] + 5])[who, line]
    end = np.column_stack([story["remission"] - 1, story["remission"] + 40, story["relapse"] + 30])[who, line]
    relapse = np.column_stack([story["relapse"], story["relapse"], story["last_relapse"]])[who, line]
    u = cohort.uniform("prior therapy", 9).reshape(len(cohort), 3, 3)[who, line].T
    best = np.where(line == 2, np.searchsorted([0.3, 0.5, 0.6], u[0]), 0)
    fields = {
        "REGNO": numbers(line + 1.0),
        "LINE": labels(["Induction", "Consolidation", "Salvage"], line),
        "DRUG": labels(drugs, drug),
        "STDAT": partial_dates(absolute(cohort, who, start), u[1]),
        "ENDAT": partial_dates(absolute(cohort, who, end), u[2]),
        "BRESP": labels(["CR", "CRi", "PR", "NR"], best),
        "RELDAT": dates(np.where((line != 1) & (best <= 1), absolute(cohort, who, relapse), np.inf)),
    }
    return assemble(cohort, "PRTX", who, truth["consent_day"][who], LOG, fields)


def concomitant(cohort: Cohort, visits: Visits, events: Events) -> pa.Table:
    """CM: prophylaxis from screening on, premedication on each InO day 1, and drugs given for adverse events."""
    parts = [_prophylaxis(cohort), _premedication(cohort, visits), _for_events(events)]
    who = np.concatenate([part["who"] for part in parts])
    start, end = (np.concatenate([part[name] for part in parts]) for name in ("start", "end"))
    until = cohort.truth["until"][who]
    end = np.where(end <= until, end, np.inf)
    texts = {
        name: pa.chunked_array([part[name] for part in parts]).combine_chunks()
        for name in ("CMTRT", "CMINDC", "CMDOSE", "CMDOSU", "CMFREQ", "CMROUTE", "CMAENO")
    }
    fields: dict[str, Any] = {
        "CMYN": "Yes",
        **texts,
        "CMSTDAT": dates(absolute(cohort, who, start)),
        "CMENDAT": dates(absolute(cohort, who, end)),
        "CMONGO": yes_no(~np.isfinite(end)),
    }
    rows = assemble(cohort, "CM", who, np.maximum(start, cohort.truth["consent_day"][who]), LOG, fields)
    return pa.concat_tables([rows, unanswered(cohort, "CM", "CMYN", who)])


def _prophylaxis(cohort: Cohort) -> dict[str, Any]:
    drugs = read_terms()["concomitant"]
    n, m = len(cohort), len(drugs)
    u = cohort.uniform("prophylaxis", 3 * m).reshape(n, m, 3)
    who, drug = np.nonzero(u[:, :, 0] < np.array([row[6] for row in drugs]) / 100)
    draws = u[who, drug].T
    start = cohort.truth["consent_day"][who] + whole(draws[1], -10, 3)
    return _drug_rows(who, start, start + whole(draws[2], 20, 200), drug, [row[:6] for row in drugs])


def _premedication(cohort: Cohort, visits: Visits) -> dict[str, Any]:
    drugs = read_terms()["premedication"]
    ino = cohort.truth["arm"][visits.who] == 0
    at = visits.where((visits.part == D1) & ino)
    who, day = np.repeat(at.who, len(drugs)), np.repeat(at.day, len(drugs))
    drug = np.tile(np.arange(len(drugs)), len(at.who))
    rows = [[name, "Premedication", dose, unit, "ONCE", route] for name, dose, unit, route in drugs]
    return _drug_rows(who, day, day, drug, rows)


def _for_events(events: Events) -> dict[str, Any]:
    """Drugs given for events; one record where two events of a kind, of the same days, were treated with it."""
    groups, treatments = read_terms()["adverse_events"], read_terms()["treatments"]
    rows = [
        [e.get("drug", ""), e.get("indication", ""), *treatments.get(e.get("drug", ""), [0, "", "", ""])]
        for e in groups
    ]
    rows.append(["", "", 0, "", "", ""])  # VOD: defibrotide stands on its own form
    treated = np.array([bool(row[0]) for row in rows])[events.group] & (events.draws[:, 6] > 0.25)
    given = np.flatnonzero(treated)
    given = given[first_of_each(*(each[given] for each in (events.who, events.group, events.start, events.end)))]
    part = _drug_rows(events.who[given], events.start[given], events.end[given], events.group[given], rows)
    part["CMAENO"] = numbers(events.number[given].astype(float))
    return part


def _drug_rows(who: Any, start: Floats, end: Floats, drug: Any, rows: list[list[Any]]) -> dict[str, Any]:
    names = ("CMTRT", "CMINDC", "CMDOSE", "CMDOSU", "CMFREQ", "CMROUTE")
    texts = {name: labels([str(row[place]) for row in rows], drug) for place, name in enumerate(names)}
    return {"who": who, "start": start, "end": end, **texts, "CMAENO": pa.nulls(len(who), pa.string())}


def coding(tables: dict[str, pa.Table]) -> pa.Table:
    """CODING: the term or drug of each record, by its record id. Terms are the simulator's own short list."""
    terms = read_terms()
    pairs = {verbatim: (pt, soc) for pt, verbatim, soc in catalogue()}
    pairs |= {item[1]: (item[0], item[2]) for item in terms["medical_history"]}
    parts = [_coded_terms(form, tables[form], column, pairs) for form, column in _DX.items()]
    parts += [_coded_drugs(form, tables[form], column) for form, column in _DRUGS.items()]
    return pa.concat_tables(parts)


def _coded_terms(form: str, rows: pa.Table, column: str, pairs: dict[str, tuple[str, str]]) -> pa.Table:
    kept = rows.filter(pc.is_valid(rows[column]))
    place = pc.index_in(kept[column].combine_chunks(), value_set=pa.array(list(pairs)))
    names, classes = (pa.array([pair[k] for pair in pairs.values()]) for k in range(2))
    fields = {
        "FORM": form,
        "RECORDID": kept["RECORDID"],
        "TERM": kept[column],
        "PT": names.take(place),
        "SOC": classes.take(place),
        "VER": read_terms()["version"],
    }
    return table(FORMS["CODING"], fields, len(kept))


def _coded_drugs(form: str, rows: pa.Table, column: str) -> pa.Table:
    kept = rows.filter(pc.is_valid(rows[column]))
    fields = {
        "FORM": form,
        "RECORDID": kept["RECORDID"],
        "TERM": kept[column],
        "VER": read_terms()["version"],
        "DRUG": kept[column],
        "PREF": kept[column],
    }
    return table(FORMS["CODING"], fields, len(kept))
