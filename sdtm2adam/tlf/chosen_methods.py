"""Which settings a row depends on, and what its output prints of them."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.analysis.settings import SETTINGS, says
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, all_rows
from sdtm2adam.spec.method_settings import DEFAULTS
from sdtm2adam.spec.patterns import fields
from sdtm2adam.spec.report import Params, Report
from sdtm2adam.spec.row_variables import NOTE

_LIMITS, _QUARTILES = {"lower", "upper"}, {"q1", "q3"}
_USED: dict[str, tuple[tuple[str, set[str]], ...]] = {
    "M_CONT": (("percentile", _QUARTILES),),
    "M_ECDF": (("percentile", set()),),
    "M_CP": (("ci_prop", _LIMITS),),
    "M_DIFF": (("ci_diff", _LIMITS),),
    "M_DIFFS": (("ci_diff_strat", _LIMITS), ("weights", set())),
    "M_KMQ": (("km_ci", _LIMITS), ("km_quantile", {"est"})),
    "M_KMT": (("km_ci", _LIMITS),),
    "M_RKM": (("km_quantile", {"est"}),),
    "M_LR": (("log_rank", set()),),
    "M_COX": (("ties", set()),),
    "M_COXM": (("ties", set()),),
}
"""The settings of each method, each with the statistics that it changes; none given: all of them."""


def settings_of(row: DisplayRow) -> tuple[str, ...]:
    """The settings that the statistics of a row depend on.

    Numbers in footnotes are cut points, which ADaM takes by SAS definition 5: no setting changes them.
    """
    if row.place == NOTE or row.quantile == "range":
        return ()
    if row.method in ("M_INT", "M_TREND"):
        return ("ties",) if row.timed else ()
    shown = {part.name for part in fields(row.format)}
    return tuple(name for name, changed in _USED.get(row.method, ()) if not changed or changed & shown)


def departures(row: DisplayRow, params: Params) -> dict[str, str]:
    """The settings of a row that are not at their default, with their words."""
    words = {name: str(getattr(params, name)) for name in settings_of(row)}
    return {name: word for name, word in words.items() if word != DEFAULTS[name]}


def filled(text: str, params: Params) -> str:
    """A text with the settings it names as `{ties}` in words; one that begins with them begins with a capital.

    >>> filled("{ci_prop}.", Params()), filled("Cox model, {ties} ties.", Params(like="sas"))
    ('Exact (Clopper-Pearson).', 'Cox model, Breslow ties.')
    """
    for name in SETTINGS if "{" in text else ():
        said = says(name, str(getattr(params, name)))
        if text.startswith(f"{{{name}}}"):
            text = text.replace(f"{{{name}}}", said[0].upper() + said[1:], 1)
        text = text.replace(f"{{{name}}}", said)
    return text


def unsaid(spec: DisplaySpec, report: Report) -> str:
    """What no footnote of an output names of the methods behind it, as far as they are not the defaults.

    Returns:
        One sentence per setting; empty where there is nothing to say.
    """
    titles = {name: choice.title for name, choice in SETTINGS.items()}
    if any({part.name for part in fields(note.format)} & _QUARTILES for note in spec.notes):
        titles["percentile"] += " (not cut points)"
    named = " ".join(_written(spec.text, report))
    found = {name: word for row in _rows(spec) for name, word in departures(row, report.params).items()}
    return " ".join(
        f"{titles[name]}: {says(name, found[name])}."
        for name in SETTINGS
        if name in found and f"{{{name}}}" not in named
    )


def _written(text: DisplayText, report: Report) -> Iterator[str]:
    """The footnotes as they are written."""
    for note in text.footnotes:
        yield from (str(report.footnotes[note]),) if isinstance(note, str) else map(str, note.values())


def _rows(spec: DisplaySpec) -> list[DisplayRow]:
    """The rows behind an output: its own, those of its parts, those its figures read."""
    read = [value.row for values in spec.box.values() for value in values.values() if value.row is not None]
    return [*all_rows(spec.rows), *(row for part in spec.parts for row in part.rows), *read]
