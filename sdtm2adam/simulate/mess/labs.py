"""Results of laboratories: units mixed, missing or wrong, texts where numbers are asked, commas for points."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.baseline import count_before
from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.streams import Bools, Floats, Ints
from sdtm2adam.simulate.text import Text, choose, labels, numbers

_CELLS = {"10^9/L": ("/mm3", 1000.0, 0), "10^3/uL": ("/mm3", 1000.0, 0), "/mm3": ("10^9/L", 0.001, 3)}
_ENZYMES = {"U/L": ("µkat/L", 1 / 60, 3), "µkat/L": ("U/L", 60.0, 0)}
_COUNTS: dict[str, dict[str, tuple[str, float, int]]] = {
    **dict.fromkeys(("WBC", "PLAT", "NEUT", "LYM", "MONO", "EOS", "BASO", "BLAST"), _CELLS),
    "HGB": {"g/L": ("g/dL", 0.1, 1), "g/dL": ("g/L", 10.0, 0)},
}
_CHEMISTRY: dict[str, dict[str, tuple[str, float, int]]] = {
    "BILI": {"µmol/L": ("mg/dL", 1 / 17.104, 2), "mg/dL": ("µmol/L", 17.104, 1)},
    "CREAT": {"µmol/L": ("mg/dL", 1 / 88.40, 2), "mg/dL": ("µmol/L", 88.40, 0)},
    **dict.fromkeys(("ALT", "AST", "ALP", "GGT", "LDH", "LIPASE", "AMYLASE"), _ENZYMES),
}
"""The other unit a test is printed in, the factor to it, its decimals."""

_MUCH_CREATININE = 40
"""In µmol/L: as many mg/dL nobody has."""
_TEXTS = ("<0.1", ">5000", "ND", "hemolyzed")


def lab_forms(scene: Scene) -> list[str]:
    """The forms of local laboratories: results with their units."""
    return [form for form in scene.forms if form.startswith("LB_") and tests(scene, form)]


def tests(scene: Scene, form: str) -> list[str]:
    """The tests of a wide laboratory form: columns with a unit beside them."""
    names = scene.forms[form].column_names
    return [name for name in names if f"{name}_U" in names]


def first_of_subject(scene: Scene, form: str, column: str = "") -> Bools:
    """The first record of each subject, of those with a value in a column if one is named."""
    numbered = np.asarray(pc.index_in(scene.subject(form), value_set=pc.unique(scene.subject(form))), dtype=np.int64)
    rows = np.flatnonzero(scene.known(form, column)) if column else np.arange(len(numbered))
    first = np.zeros(len(numbered), dtype=bool)
    first[rows[count_before(numbered[rows]) == 0] if len(rows) else rows] = True
    return first


def mixed_counts(scene: Scene) -> None:
    """At a tenth of the sites two analyzers print cell counts and haemoglobin in different units."""
    for form in lab_forms(scene):
        _mix(scene, form, {test: units for test, units in _COUNTS.items() if test in tests(scene, form)})


def mixed_chemistry(scene: Scene) -> None:
    """At a tenth of the sites bilirubin, creatinine and enzymes come in conventional and in SI units."""
    for form in lab_forms(scene):
        _mix(scene, form, {test: units for test, units in _CHEMISTRY.items() if test in tests(scene, form)})


def _mix(scene: Scene, form: str, units: dict[str, dict[str, tuple[str, float, int]]]) -> None:
    if not units:
        return
    site = pc.utf8_slice_codeunits(scene.subject(form), 0, 4)
    sites = pc.unique(site).sort()
    later = ~first_of_subject(scene, form)
    first = scene.uniform(form, 1, "site")[:, 0]
    at = np.asarray(pc.index_in(site, value_set=sites), dtype=np.int64)
    lot = np.full(len(sites), 2.0)
    np.minimum.at(lot, at[later], first[later])  # a site's lot is that of its luckiest record
    mixing = np.argsort(lot, kind="stable")[: max(2, round(0.1 * len(sites)))]
    rows = scene.choose(form, np.isin(at, mixing) & later, 0.4)
    for test, other in units.items():
        _print_otherwise(scene, form, rows, test, other)


def _print_otherwise(scene: Scene, form: str, rows: Ints, test: str, other: dict[str, tuple[str, float, int]]) -> None:
    value, unit = (scene.column(form, name).take(pa.array(rows)) for name in (test, f"{test}_U"))
    later = ~first_of_subject(scene, form, f"{test}_U")[rows]  # the first unit is the usual one
    number = _numbers(value)
    for printed, (to, factor, digits) in other.items():
        here = np.asarray(pc.fill_null(pc.equal(unit, printed), False)) & np.isfinite(number) & later
        made = numbers(number[here] * factor, digits)
        scene.change(form, rows[here], test, made)
        scene.change(form, rows[here], f"{test}_U", pa.repeat(to, int(here.sum())), told=False)


def _numbers(texts: Text) -> Floats:
    plain = pc.match_substring_regex(texts, r"^[0-9]+(\.[0-9]+)?$")
    return np.asarray(pc.cast(pc.if_else(plain, texts, None), pa.float64()).to_numpy(zero_copy_only=False))


def wrong_units(scene: Scene) -> None:
    """Units left blank, and results in another unit than the one that stands there (platelets 150000 of 10^9/L)."""
    for form in lab_forms(scene):
        later = ~first_of_subject(scene, form)
        names = tests(scene, form)
        u = scene.uniform(form, 1, "test")[:, 0]
        blank = scene.choose(form, later, 0.002, part="blank")
        _each_test(scene, form, blank, names, u, _blank_unit)
        if scene.has(form, "PLAT", "PLAT_U"):
            much = _numbers(scene.column(form, "PLAT")) >= 10
            billions = scene.equals(form, "PLAT_U", "10^9/L") | scene.equals(form, "PLAT_U", "10^3/uL")
            rows = scene.choose(form, later & much & billions, 0.001, part="platelets")
            told = numbers(1000 * _numbers(scene.column(form, "PLAT"))[rows])
            scene.change(form, rows, "PLAT", told)
        if scene.has(form, "CREAT", "CREAT_U"):
            much = _numbers(scene.column(form, "CREAT")) >= _MUCH_CREATININE
            could = much & ~first_of_subject(scene, form, "CREAT_U") & scene.equals(form, "CREAT_U", "µmol/L")
            rows = scene.choose(form, could, 0.001, part="creatinine")
            scene.change(form, rows, "CREAT_U", pa.repeat("mg/dL", len(rows)))


def _blank_unit(scene: Scene, form: str, rows: Ints, test: str) -> None:
    number = np.isfinite(_numbers(scene.column(form, test))) & scene.known(form, f"{test}_U")
    kept = rows[number[rows]]
    scene.change(form, kept, f"{test}_U", pa.nulls(len(kept), pa.string()))


def _each_test(scene: Scene, form: str, rows: Ints, names: list[str], u: Floats, plant: object) -> None:
    """Plants in one test of each record."""
    assert callable(plant)
    which = np.floor(u[rows] * len(names)).astype(np.int64)
    for number, test in enumerate(names):
        if (which == number).any():
            plant(scene, form, rows[which == number], test)


def text_results(scene: Scene) -> None:
    """1.5 % of samples with a result that is no number."""
    for form in lab_forms(scene):
        rows = scene.choose(form, np.ones(scene.forms[form].num_rows, dtype=bool), 0.015)
        _each_test(scene, form, rows, tests(scene, form), scene.uniform(form, 1, "test")[:, 0], _text_result)
    if scene.has("BM", "BMBLAST"):
        rows = scene.choose("BM", scene.known("BM", "BMBLAST"), 0.015)
        u = scene.uniform("BM", 1, "text")[rows, 0]
        scene.change("BM", rows, "BMBLAST", labels(["<5", "5-10", "ND"], np.floor(3 * u)))


def _text_result(scene: Scene, form: str, rows: Ints, test: str) -> None:
    kept = rows[np.isfinite(_numbers(scene.column(form, test)))[rows]]
    u = scene.uniform(form, 1, "text")[kept, 0]
    scene.change(form, kept, test, labels(list(_TEXTS), np.floor(len(_TEXTS) * u)))


def nudged(values: Text, factor: float) -> Text:
    """Numbers times a factor, printed with the decimals they had; what is no number stays."""
    number = _numbers(values)
    after = pc.fill_null(pc.binary_length(pc.replace_substring_regex(values, r"^[^.]*\.?", "")), 0)
    digits = np.asarray(after)
    made = values
    for count in range(4):
        here = np.isfinite(number) & (digits == count)
        made = choose(here, numbers(np.where(here, number * factor, 0), count), made)
    return made
